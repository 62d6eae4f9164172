import Core
import Tracking

/// A run as open pages are told of it.
struct LiveRun {
    private let run: Run

    init(_ run: Run) { self.run = run }

    var json: [UInt8] {
        var json = JSONWriter(capacityBytes: 4_096)
        json.object { json in
            json.field("run_id", run.info.id)
            json.field("name", run.info.name)
            json.field("status", run.info.status.word)
            if let endTime = run.info.endTime { json.field("end_time", endTime) }
            json.field("params", Int64(run.params.count))
            json.field("tags", Int64(run.tags.count))
            json.array("metrics") { json in
                for metric in run.metrics {
                    json.object { json in
                        json.field("key", metric.key)
                        json.field("value", metric.value)
                        json.field("step", metric.step)
                        json.field("timestamp", metric.timestamp)
                    }
                }
            }
        }
        return json.bytes
    }
}
