package io.middleware.testsupport;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A real Nginx with the configuration of this project, in front of the tests' own gateways. Both of its ports speak
 * HTTP/1.1 and HTTP/2, unless Nginx is older than 1.25.1.
 */
public final class ProjectNginx {
    private static final Pattern UNKNOWN = Pattern.compile("unknown directive \"(\\w+)\"");

    private ProjectNginx() {}

    /**
     * Starts one whose ports speak HTTP/1.1, however old it is.
     *
     * @param servers the {@code server} lines of its upstreams
     */
    static NginxServer start(int httpPort, int grpcPort, String servers) throws IOException {
        return start(httpPort, grpcPort, servers, servers);
    }

    /** As before, with different servers for what goes by HTTP and by gRPC. */
    public static NginxServer start(int httpPort, int grpcPort, String httpServers, String grpcServers)
            throws IOException {
        return start(httpPort, grpcPort, "", httpServers, grpcServers);
    }

    /**
     * Starts one for calls by gRPC.
     *
     * @param httpPort where it listens for HTTP
     * @param grpcPort where it listens for gRPC: by HTTP/2, however old it is
     * @param gateways their ports for gRPC
     */
    public static NginxServer startForGrpc(int httpPort, int grpcPort, int... gateways) throws IOException {
        String servers = IntStream.of(gateways)
                .mapToObj("server 127.0.0.1:%d;"::formatted)
                .collect(Collectors.joining(" "));
        return start(httpPort, grpcPort, " http2", servers, servers);
    }

    /** Leaves out what an older Nginx does not know, which it says one at a time. */
    private static NginxServer start(
            int httpPort, int grpcPort, String oldHttp2, String httpServers, String grpcServers) throws IOException {
        List<String> unknown = new ArrayList<>();
        while (true) {
            try {
                return start(httpPort, grpcPort, oldHttp2, httpServers, grpcServers, unknown);
            } catch (IllegalStateException ended) {
                Matcher directive = UNKNOWN.matcher(String.valueOf(ended.getMessage()));
                if (!directive.find() || unknown.contains(directive.group(1))) {
                    throw ended;
                }
                unknown.add(directive.group(1));
            }
        }
    }

    private static NginxServer start(
            int httpPort, int grpcPort, String oldHttp2, String httpServers, String grpcServers, List<String> unknown)
            throws IOException {
        boolean old = unknown.contains("http2");
        Map<String, String> values = Map.of(
                "NGINX_HTTP_LISTEN",
                "127.0.0.1:" + httpPort,
                "NGINX_GRPC_LISTEN",
                "127.0.0.1:" + grpcPort + (old ? oldHttp2 : ""),
                "NGINX_GRPC_PORT",
                String.valueOf(grpcPort),
                "NGINX_HTTP2",
                old ? "" : "http2 on;",
                "NGINX_KEEPALIVE",
                "",
                "NGINX_MAX_HEADERS",
                unknown.contains("max_headers") ? "" : "max_headers 4096;",
                "NGINX_TEMP",
                ".",
                "NGINX_RESOLVER",
                "",
                "NGINX_HTTP_SERVERS",
                httpServers,
                "NGINX_GRPC_SERVERS",
                grpcServers);
        String configuration = Files.readString(Repository.root().resolve("nginx/nginx.conf.template"))
                .replace("${NGINX_ACCESS_LOG}", "off")
                .replace("${NGINX_HTTP_SCHEME}", "http")
                .replace("${NGINX_GRPC_SCHEME}", "grpc")
                .replace("${NGINX_TLS_PORT}", "none")
                .replace("${NGINX_PROMPT_SERVERS}", promptServers(httpServers));
        for (Map.Entry<String, String> value : values.entrySet()) {
            configuration = configuration.replace("${" + value.getKey() + "}", value.getValue());
        }
        return NginxServer.start(configuration, httpPort);
    }

    /** Those backups that are never excluded are excluded for a second. */
    private static String promptServers(String httpServers) {
        return httpServers.replace("backup max_fails=0", "backup max_fails=1 fail_timeout=1s");
    }
}
