package io.middleware.gateway.transport;

import io.grpc.netty.NettyServerBuilder;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** {@link Greeter} as a process of its own, which can be frozen. */
final class GreeterProcess implements AutoCloseable {
    private final Process process;
    private final int port;

    private GreeterProcess(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    static GreeterProcess start() throws IOException {
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        Process process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-Xmx64m",
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-cp",
                        classPath,
                        GreeterProcess.class.getName()))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
        BufferedReader said =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        for (String line = said.readLine(); line != null; line = said.readLine()) {
            if (line.startsWith("port ")) {
                return new GreeterProcess(process, Integer.parseInt(line.substring(5)));
            }
        }
        throw new IOException("the server ended before it was ready");
    }

    int port() {
        return port;
    }

    void freeze() throws IOException, InterruptedException {
        signal("-STOP");
    }

    void thaw() throws IOException, InterruptedException {
        signal("-CONT");
    }

    void kill() {
        process.destroyForcibly();
    }

    private void signal(String signal) throws IOException, InterruptedException {
        if (new ProcessBuilder("kill", signal, Long.toString(process.pid()))
                        .start()
                        .waitFor()
                != 0) {
            throw new IOException("kill " + signal + " failed");
        }
    }

    @Override
    public void close() {
        kill();
    }

    public static void main(String[] args) throws Exception {
        var server = NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", 0))
                .addService(new Greeter())
                .build()
                .start();
        System.out.println("port " + server.getPort());
        server.awaitTermination();
    }
}
