import FoundationEssentials

/// nginx set up to take and give files as fast as it can; it does not sync what it takes.
enum Nginx {
    static func configure(port: UInt16, folder: String) throws -> String {
        try FileManager.default.createDirectory(
            atPath: folder + "/artifacts",
            withIntermediateDirectories: true
        )
        let configuration = text(
            port: port,
            folder: folder,
            settings: "sendfile on; tcp_nopush on; keepalive_requests 1000000;",
            location: """
                root \(folder)/artifacts;
                dav_methods PUT;
                create_full_put_path on;
                autoindex on;
                autoindex_format json;
                """
        )
        let path = folder + "/nginx.conf"
        try Data(configuration.utf8).write(to: URL(filePath: path))
        return path
    }

    /// A configuration that keeps all that nginx writes in one folder.
    ///
    /// - Parameters:
    ///   - port: The port of the loopback address.
    ///   - folder: Where its files lie.
    ///   - settings: What stands beside the server.
    ///   - location: What is done with every address but `/health`.
    /// - Returns: The text of the file.
    static func text(port: UInt16, folder: String, settings: String = "", location: String) -> String {
        """
        daemon off;
        user root;
        pid \(folder)/nginx.pid;
        worker_processes auto;
        events { worker_connections 1024; }
        http {
            access_log off;
            client_max_body_size 0;
            client_body_temp_path \(folder)/body;
            proxy_temp_path \(folder)/unused1;
            fastcgi_temp_path \(folder)/unused2;
            scgi_temp_path \(folder)/unused3;
            uwsgi_temp_path \(folder)/unused4;
            \(settings)
            server {
                listen 127.0.0.1:\(port);
                location = /health { return 200 OK; }
                location / {
                    \(location)
                }
            }
        }
        """
    }
}
