import Glibc
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

    /// A wrong number for `O_DIRECT` would make every write go through the cache, and nothing else would tell.
    @Test func `blocks go straight to a disk that takes them`() async throws {
        try await withDisk { _, root in
            let folder = try OpenFile.folder(atPath: root)
            // Where this is refused the file system has no such writes, and there is nothing to test.
            guard system("dd if=/dev/zero of='\(root)/probe' bs=4096 count=1 oflag=direct 2>/dev/null") == 0
            else {
                return
            }
            let file = try #require(try folder.open("direct", O_RDWR | O_CREAT))
            var piece = ByteBuffer(bytes: Bytes.random(Block.fullBytes))
            let content = piece
            var block = Block()
            block.append(from: &piece)

            #expect(try file.writeDirectly(block, at: 0))

            #expect(try file.read(Block.fullBytes, at: 0) == content)
        }
    }
}
