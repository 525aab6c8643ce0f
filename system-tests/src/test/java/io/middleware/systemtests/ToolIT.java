package io.middleware.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How {@code ./stack tool consul} gets HashiCorp's release, from a server of our own in place of theirs. */
class ToolIT {

    private final Stack stack = new Stack();
    private final CopyOnWriteArrayList<String> asked = new CopyOnWriteArrayList<>();
    private byte[] release;
    private HttpServer server;

    @TempDir
    private Path home;

    @BeforeEach
    void serveARelease() throws IOException {
        release = zip("consul", "#!/bin/sh\necho 'Consul v9.9.9'\n");
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            asked.add(exchange.getRequestURI().getPath());
            exchange.sendResponseHeaders(200, release.length);
            exchange.getResponseBody().write(release);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stopServing() {
        server.stop(0);
    }

    @Test
    void release_isFetchedVerifiedAndKept() throws Exception {
        Shell.Result first = tool(sha256(release));
        assertThat(first.exit()).as(first.err()).isZero();
        Path binary = Path.of(first.out().strip());
        assertThat(binary).isExecutable().startsWith(home);
        assertThat(Shell.run(Map.of(), List.of(binary.toString(), "version")).out())
                .contains("Consul v9.9.9");
        assertThat(asked).singleElement().asString().matches("/9\\.9\\.9/consul_9\\.9\\.9_linux_(amd64|arm64)\\.zip");
        assertThat(tool(sha256(release)).out()).isEqualTo(first.out());
        assertThat(asked).as("fetched once").hasSize(1);
    }

    @Test
    void releaseWithAnotherChecksum_isNotUsed() {
        Shell.Result result = tool("0".repeat(64));
        assertThat(result.exit()).isEqualTo(1);
        assertThat(result.out()).isEmpty();
        assertThat(result.err()).contains("expected " + "0".repeat(64));
        assertThat(home.resolve("tools/consul")).doesNotExist();
    }

    @Test
    void noReleaseAndNoDebian_saysWhatToInstall() {
        server.stop(0);
        Shell.Result result = tool(sha256(release));
        assertThat(result.exit()).isEqualTo(1);
        assertThat(result.err()).contains("Install Consul");
    }

    @Test
    void unknownTool_isWrongUse() {
        assertThat(stack.run("tool", "apache").exit()).isEqualTo(2);
    }

    private Shell.Result tool(String sha256) {
        String base = "http://127.0.0.1:" + server.getAddress().getPort();
        Map<String, String> environment = new HashMap<>(Map.of(
                "STACK_HOME",
                home.toString(),
                "STACK_CONSUL_RELEASES",
                base,
                "STACK_CONSUL_VERSION",
                "9.9.9",
                "STACK_CONSUL_SHA256",
                sha256,
                "STACK_DEBIAN_MIRROR",
                base + "/debian"));
        environment.put("PATH", pathWithoutConsul());
        return Shell.run(environment, stack.command("tool", "consul"));
    }

    /** What is on the path comes first, so a Consul there would be taken. */
    private static String pathWithoutConsul() {
        return Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                .filter(folder -> !Files.exists(Path.of(folder, "consul")))
                .collect(Collectors.joining(File.pathSeparator));
    }

    private static byte[] zip(String name, String content) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.putNextEntry(new ZipEntry(name));
            zip.write(content.getBytes(StandardCharsets.UTF_8));
            zip.closeEntry();
        }
        return bytes.toByteArray();
    }

    private static String sha256(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
