# What one does here. ARGS go to the program: make serve ARGS="--port 5001"
.PHONY: serve test bench format docs

# The release has the Swift libraries within it: it starts sooner, holds less, and runs where no Swift is.
serve:
	@Scripts/need-to-build.sh
	swift build --configuration release --static-swift-stdlib --product roost
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
