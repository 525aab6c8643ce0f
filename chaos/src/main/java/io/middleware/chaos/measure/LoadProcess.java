package io.middleware.chaos.measure;

import io.middleware.chaos.stack.Part;
import io.middleware.chaos.stack.Parts;
import io.middleware.chaos.stack.Stack;
import io.middleware.load.Kind;
import io.middleware.load.LoadCommand;
import io.middleware.load.PriorityShare;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The load generator in a process of its own, so that work in this one does not delay its calls. It ends with this
 * program.
 */
public final class LoadProcess implements Load {

    private static final Duration DEADLINE = Duration.ofSeconds(15);
    private static final Duration WHOLE = Duration.ofMinutes(60);
    /** Longer than any act or row takes. */
    private static final Duration RESERVE = Duration.ofMinutes(10);

    private final Process process;
    private final long begunNanos = System.nanoTime();
    private final double perSecond;
    private final Calls calls = new Calls();
    private final StringBuilder errorOutput = new StringBuilder();

    private LoadProcess(Process process, double perSecond) {
        this.process = process;
        this.perSecond = perSecond;
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
        Thread.ofVirtual().start(() -> {
            try {
                readRecords(process.inputReader(StandardCharsets.UTF_8));
            } finally {
                calls.onEnd();
            }
        });
        Thread.ofVirtual().start(() -> readErrors(process.errorReader(StandardCharsets.UTF_8)));
    }

    /**
     * Starts calls through Nginx.
     *
     * @param rates   calls a second, by kind
     * @param share which calls ask for a lower priority than the gateways' rules give them
     */
    public static LoadProcess start(Parts parts, Map<Kind, Integer> rates, Loads.Callers callers, PriorityShare share) {
        List<String> options = new ArrayList<>();
        Part nginx = parts.nginx();
        options.addAll(List.of("--target", nginx.host() + ":" + nginx.ports().get("grpc")));
        options.addAll(
                List.of("--url", "http://" + nginx.host() + ":" + nginx.ports().get("http")));
        if (callers.hedging()) {
            options.add("--hedging");
        }
        options.addAll(List.of("--critical", Double.toString(share.critical()), "--others", share.others()));
        return start(rates, options);
    }

    /**
     * Starts calls without the middleware: by gRPC, to the servers in turn.
     *
     * @param rate calls a second
     */
    public static LoadProcess without(Parts parts, int rate) {
        String servers = parts.servers().stream()
                .map(server -> server.name() + "=" + server.host() + ":"
                        + server.ports().get("grpc"))
                .collect(Collectors.joining(","));
        return start(Map.of(Kind.GRPC, rate), List.of("--servers", servers));
    }

    private static LoadProcess start(Map<Kind, Integer> rates, List<String> options) {
        List<String> command = new ArrayList<>();
        command.add(ProcessHandle.current().info().command().orElseThrow());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.addAll(mainClass());
        command.add("load");
        command.addAll(
                List.of("--deadline", DEADLINE.toSeconds() + "s", "--for", WHOLE.toMinutes() + "m", "--records", "-"));
        rates.forEach((kind, rate) ->
                command.addAll(List.of("--" + kind.name().toLowerCase(Locale.ROOT), Integer.toString(rate))));
        command.addAll(options);
        try {
            return new LoadProcess(
                    new ProcessBuilder(command).start(),
                    rates.values().stream().mapToInt(rate -> rate).sum());
        } catch (IOException e) {
            throw new UncheckedIOException("the load generator could not be started", e);
        }
    }

    @Override
    public Calls calls() {
        return calls;
    }

    @Override
    public Window window(long fromMicros, long toMicros) throws InterruptedException {
        boolean settled = calls.awaitSettled(toMicros, DEADLINE.plusSeconds(3).toMillis());
        Window window = new Window(calls.due(fromMicros, toMicros));
        double planned = perSecond * (toMicros - fromMicros) / 1e6;
        if (!settled || !process.isAlive() || window.count() < planned * LoadCommand.ENOUGH) {
            throw new Stack.StackException("Only " + window.count() + " of " + Math.round(planned)
                    + " planned calls were sent and ended, too few for figures. " + errorOutput());
        }
        return window;
    }

    @Override
    public boolean lasts() {
        return process.isAlive()
                && System.nanoTime() - begunNanos < WHOLE.minus(RESERVE).toNanos();
    }

    @Override
    public synchronized String errorOutput() {
        return errorOutput.toString();
    }

    @Override
    public void close() {
        process.destroy();
    }

    /** Returns how this program was started. A Boot jar must be run by {@code -jar}: its launcher is its main class. */
    private static List<String> mainClass() {
        String main = System.getProperty("sun.java.command", "").split(" ")[0];
        return main.endsWith(".jar") ? List.of("-jar", main) : List.of(main);
    }

    private void readRecords(BufferedReader lines) {
        try (lines) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                calls.add(line);
            }
        } catch (IOException ended) {
            // with the process
        }
    }

    private void readErrors(BufferedReader lines) {
        try (lines) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                synchronized (this) {
                    errorOutput.append(line).append('\n');
                }
            }
        } catch (IOException ended) {
            // with the process
        }
    }
}
