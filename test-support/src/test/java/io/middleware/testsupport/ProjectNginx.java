package io.middleware.testsupport;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Map;

/** A real Nginx with the configuration of this project, in front of the tests' own gateways. */
final class ProjectNginx {

    private ProjectNginx() {
    }

    /** {@code servers}: the {@code server} lines of its upstreams. */
    static NginxServer start(int httpPort, int grpcPort, String servers) throws IOException {
        Map<String, String> values = Map.of(
                "NGINX_HTTP_LISTEN", "127.0.0.1:" + httpPort,
                "NGINX_GRPC_LISTEN", "127.0.0.1:" + grpcPort,
                "NGINX_HTTP2", "",
                "NGINX_KEEPALIVE", "",
                "NGINX_TEMP", ".",
                "NGINX_RESOLVER", "",
                "NGINX_HTTP_SERVERS", servers,
                "NGINX_GRPC_SERVERS", servers);
        String configuration = Files.readString(Repository.root().resolve("nginx/nginx.conf.template"));
        for (Map.Entry<String, String> value : values.entrySet()) {
            configuration = configuration.replace("${" + value.getKey() + "}", value.getValue());
        }
        return NginxServer.start(configuration, httpPort);
    }
}
