# What one does here. ARGS go to the program: make serve ARGS="--port 5001"
.PHONY: serve test bench format docs

serve:
	@Scripts/need-to-build.sh
	swift build --configuration release --product roost
	@Scripts/web-parts.sh .web-parts
	@exec .build/release/roost serve --web-parts .web-parts $(ARGS)

test:
	@Scripts/test.sh $(ARGS)

bench:
	@Scripts/need-to-build.sh
	@Scripts/bench.sh $(ARGS)

format:
	swift format --in-place --recursive --parallel Sources Tests Package.swift

docs:
	@Scripts/need-to-build.sh
	@Scripts/docs.sh
