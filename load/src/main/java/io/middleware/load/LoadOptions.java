package io.middleware.load;

import io.grpc.ChannelCredentials;
import io.middleware.client.CallerCredential;
import java.io.IOException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options of {@link LoadCommand}. Invalid values become a {@link ParameterException}. */
final class LoadOptions {

    private static final double FASTEST = 100_000;
    private static final int MOST_CONNECTIONS = 1_000;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(
            names = "--grpc",
            paramLabel = "RATE",
            defaultValue = "0",
            description = "SayHello by gRPC, calls a second.")
    private double grpc;

    @Option(names = "--http", paramLabel = "RATE", defaultValue = "0", description = "GET /hello, calls a second.")
    private double http;

    @Option(
            names = "--sign",
            paramLabel = "RATE",
            defaultValue = "0",
            description = "Guestbook/Sign by gRPC, calls a second; these are not idempotent.")
    private double sign;

    @Option(
            names = "--keyed",
            paramLabel = "RATE",
            defaultValue = "0",
            description = "Guestbook/Sign with an idempotency key, by the project's client, calls a second.")
    private double keyed;

    @Option(
            names = "--for",
            paramLabel = "TIME",
            defaultValue = "10s",
            converter = DurationConverter.class,
            description = "How long, such as 500ms, 20s or 2m; default: ${DEFAULT-VALUE}.")
    private Duration duration;

    @Mixin
    private final Addresses addresses = new Addresses();

    @Option(
            names = "--connections",
            paramLabel = "N",
            defaultValue = "1",
            description =
                    "Connections over which gRPC calls are spread; default: ${DEFAULT-VALUE}. HTTP uses as many as it needs.")
    private int connections;

    @Option(
            names = "--deadline",
            paramLabel = "TIME",
            defaultValue = "15s",
            converter = DurationConverter.class,
            description = "How long a call may take; default: ${DEFAULT-VALUE}.")
    private Duration deadline;

    @Option(
            names = "--hedging",
            description = "Makes gRPC calls with the project's client, which hedges when a gateway is silent.")
    private boolean hedging;

    @Option(
            names = "--servers",
            split = ",",
            paramLabel = "NAME=HOST:PORT",
            description = "Without the middleware: gRPC calls go to these servers in turn, by a plain channel.")
    private List<String> servers = List.of();

    @Option(
            names = "--critical",
            paramLabel = "SHARE",
            defaultValue = "1",
            description = "The share of calls, 0 to 1, that keep the priority which the gateways' rules give them;"
                    + " the others ask for a lower one. Default: all.")
    private double critical;

    @Option(
            names = "--others",
            paramLabel = "PRIORITY",
            defaultValue = PriorityShare.SHEDDABLE,
            description = "What these others ask to be: sheddable or normal; default: ${DEFAULT-VALUE}.")
    private String others;

    @Option(
            names = "--records",
            paramLabel = "FILE",
            description =
                    "Writes a line for each call that ends; with - to standard output, and the summary to standard error.")
    private @Nullable String records;

    Duration duration() {
        return duration;
    }

    Duration deadline() {
        return deadline;
    }

    boolean recordsToStandardOutput() {
        return "-".equals(records);
    }

    /** Returns the calls a second of each kind. */
    Map<Kind, Double> rates() {
        Map<Kind, Double> rates = new EnumMap<>(Kind.class);
        rates.put(Kind.GRPC, grpc);
        rates.put(Kind.HTTP, http);
        rates.put(Kind.SIGN, sign);
        rates.put(Kind.KEYED, keyed);
        for (double rate : rates.values()) {
            if (!(rate >= 0 && rate <= FASTEST)) {
                throw new ParameterException(
                        spec.commandLine(), "a rate is expected to be 0 to 100000 calls a second, was " + rate);
            }
        }
        if (keyed > 0 && !servers.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "--keyed needs the middleware: it goes without --servers");
        }
        rates.values().removeIf(rate -> rate == 0);
        if (rates.isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(), "nothing to send: expected --grpc, --http, --sign or --keyed");
        }
        return rates;
    }

    PriorityShare share() {
        if (!(critical >= 0 && critical <= 1)) {
            throw new ParameterException(spec.commandLine(), "--critical is expected to be 0 to 1, was " + critical);
        }
        if (!List.of(PriorityShare.SHEDDABLE, PriorityShare.NORMAL).contains(others)) {
            throw new ParameterException(
                    spec.commandLine(), "--others: expected sheddable or normal, got '" + others + "'");
        }
        return new PriorityShare(critical, others);
    }

    RecordLines openRecords() {
        try {
            return RecordLines.to(records);
        } catch (IOException unwritable) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--records: expected a file that can be written, got '" + records + "' ("
                            + unwritable.getClass().getSimpleName() + ")");
        }
    }

    Targets connect(Set<Kind> kinds) {
        if (connections < 1 || connections > MOST_CONNECTIONS) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--connections is expected to be 1 to " + MOST_CONNECTIONS + ", was " + connections);
        }
        try {
            return new Targets(
                    kinds,
                    connection(hedging, false),
                    connection(true, true),
                    addresses.http(),
                    deadline,
                    share(),
                    connections);
        } catch (IllegalArgumentException wrong) {
            throw new ParameterException(
                    spec.commandLine(),
                    "expected --target HOST:PORT, --url http://HOST:PORT, --servers NAME=HOST:PORT,..., --tls FOLDER,"
                            + " --api-key-file or --token-file FILE: "
                            + wrong.getMessage());
        }
    }

    /** {@code own}: by the project's client; {@code keys}: which gives keys to calls that are not idempotent. */
    private Supplier<Connection> connection(boolean own, boolean keys) {
        if (!servers.isEmpty()) {
            List<FixedServers.Server> fixed =
                    servers.stream().map(FixedServers.Server::parse).toList();
            return () -> new FixedServers(fixed).connect();
        }
        ChannelCredentials credentials = addresses.credentials();
        CallerCredential caller = addresses.credential();
        return own
                ? () -> Connection.hedging(addresses.target(), credentials, deadline, keys)
                        .as(caller)
                : () -> Connection.plain(addresses.target(), credentials).as(caller);
    }
}
