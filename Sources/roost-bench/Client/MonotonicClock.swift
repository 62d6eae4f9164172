import Glibc

/// The clock that all processes of one machine share.
enum MonotonicClock {
    static var nowNanoseconds: UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }

    static func wait(until nanoseconds: UInt64) {
        var time = timespec(
            tv_sec: Int(nanoseconds / 1_000_000_000),
            tv_nsec: Int(nanoseconds % 1_000_000_000)
        )
        while clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, nil) == EINTR {}
    }

    static func wait(seconds: Double) {
        wait(until: nowNanoseconds + UInt64(seconds * 1e9))
    }

    static func seconds(since nanoseconds: UInt64) -> Double {
        Double(nowNanoseconds - nanoseconds) / 1e9
    }
}
