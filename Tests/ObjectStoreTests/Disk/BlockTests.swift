import NIOCore
import Testing

@testable import ObjectStore

@Suite
struct BlockTests {
    /// Or the disk would refuse to take it without a copy.
    @Test func `blocks begin with a page and are whole pages when they are full`() {
        var block = Block()
        var piece = ByteBuffer(bytes: Bytes.random(2 * Block.fullBytes + 100))
        var blocks: [Block] = []

        while piece.readableBytes > 0 {
            block.append(from: &piece)
            if block.isFull { blocks.append(block.take()) }
        }

        #expect(blocks.map(\.bytes.readableBytes) == [1 << 20, 1 << 20])
        #expect(block.bytes.readableBytes == 100)
        for block in blocks {
            let address = block.bytes.withUnsafeReadableBytes { Int(bitPattern: $0.baseAddress) }
            #expect(address % Block.pageBytes == 0)
        }
    }
}
