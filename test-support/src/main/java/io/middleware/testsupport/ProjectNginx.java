package io.middleware.testsupport;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A real Nginx with the configuration of this project, in front of the tests' own gateways. */
public final class ProjectNginx {

    private ProjectNginx() {}

    /**
     * Starts one whose port for gRPC speaks HTTP/1.1.
     *
     * @param servers the {@code server} lines of its upstreams
     */
    static NginxServer start(int httpPort, int grpcPort, String servers) throws IOException {
        return start(httpPort, "127.0.0.1:" + grpcPort, servers, servers);
    }

    /**
     * Starts one for calls by gRPC.
     *
     * @param httpPort where it listens for HTTP
     * @param grpcPort where it listens for gRPC, by HTTP/2
     * @param gateways their ports for gRPC
     */
    public static NginxServer startForGrpc(int httpPort, int grpcPort, int... gateways) throws IOException {
        String servers = IntStream.of(gateways)
                .mapToObj("server 127.0.0.1:%d;"::formatted)
                .collect(Collectors.joining(" "));
        // newer ones than 1.25.1 take this parameter with a warning
        return start(httpPort, "127.0.0.1:" + grpcPort + " http2", servers, servers);
    }

    private static NginxServer start(int httpPort, String grpcListen, String httpServers, String grpcServers)
            throws IOException {
        try {
            return start(httpPort, grpcListen, httpServers, grpcServers, "max_headers 4096;");
        } catch (IllegalStateException ended) {
            if (!String.valueOf(ended.getMessage()).contains("unknown directive \"max_headers\"")) {
                throw ended;
            }
            return start(httpPort, grpcListen, httpServers, grpcServers, "");
        }
    }

    private static NginxServer start(
            int httpPort, String grpcListen, String httpServers, String grpcServers, String maxHeaders)
            throws IOException {
        Map<String, String> values = Map.of(
                "NGINX_HTTP_LISTEN",
                "127.0.0.1:" + httpPort,
                "NGINX_GRPC_LISTEN",
                grpcListen,
                "NGINX_HTTP2",
                "",
                "NGINX_KEEPALIVE",
                "",
                "NGINX_MAX_HEADERS",
                maxHeaders,
                "NGINX_TEMP",
                ".",
                "NGINX_RESOLVER",
                "",
                "NGINX_HTTP_SERVERS",
                httpServers,
                "NGINX_GRPC_SERVERS",
                grpcServers);
        String configuration = Files.readString(Repository.root().resolve("nginx/nginx.conf.template"));
        for (Map.Entry<String, String> value : values.entrySet()) {
            configuration = configuration.replace("${" + value.getKey() + "}", value.getValue());
        }
        return NginxServer.start(configuration, httpPort);
    }
}
