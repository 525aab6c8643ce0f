package io.middleware.client.cli;

import io.grpc.Channel;
import io.grpc.ChannelCredentials;
import io.grpc.ClientInterceptor;
import io.grpc.ClientInterceptors;
import io.grpc.Metadata;
import io.grpc.stub.MetadataUtils;
import io.middleware.client.CallerCredential;
import io.middleware.client.ClientOptions;
import io.middleware.client.MiddlewareClient;
import io.middleware.client.TlsFiles;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** What all commands share: the target, the deadline, headers, and how much is printed. */
@Command(
        subcommands = {HelloCommand.class, CallCommand.class},
        description = "Calls services through the middleware, and shows on request (-v) how each call went.",
        sortOptions = false,
        synopsisSubcommandLabel = "COMMAND",
        footer = {
            "",
            "Responses go to standard output, everything else to standard error.",
            "Exit codes: 0 answered, 1 a call failed, 2 wrong use.",
            "",
            "Try:",
            "  ${COMMAND-FULL-NAME} hello",
            "  ${COMMAND-FULL-NAME} hello -v Hello Bonjour",
            "  ${COMMAND-FULL-NAME} call hello.v1.HelloService/SayHello '{\"message\":\"Hello\"}'"
        })
final class ClientCommand implements Callable<Integer> {

    private final InputStream in;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--target",
            scope = ScopeType.INHERIT,
            paramLabel = "HOST:PORT",
            description = "The gRPC port to call. Without it: $MIDDLEWARE_TARGET, else 127.0.0.1:9090; "
                    + "with --tls $MIDDLEWARE_TLS_TARGET, else localhost:8443.")
    private @Nullable String target;

    @Option(
            names = "--tls",
            scope = ScopeType.INHERIT,
            arity = "0..1",
            paramLabel = "FOLDER",
            fallbackValue = "${env:MIDDLEWARE_TLS_FOLDER:-.stack/tls}",
            description = "Calls by TLS, with ca.pem and client.pem of this folder. "
                    + "Without FOLDER: $MIDDLEWARE_TLS_FOLDER, else .stack/tls.")
    private @Nullable Path tls;

    @Option(
            names = "--api-key-file",
            scope = ScopeType.INHERIT,
            paramLabel = "FILE",
            description = "The API key in this file says who calls. Without a file: $MIDDLEWARE_API_KEY, if it is set.")
    private @Nullable Path apiKeyFile;

    @Option(
            names = "--token-file",
            scope = ScopeType.INHERIT,
            paramLabel = "FILE",
            description = "The token (JWT) in this file says who calls.")
    private @Nullable Path tokenFile;

    @Option(
            names = "--deadline",
            scope = ScopeType.INHERIT,
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description =
                    "How long a call may take, such as 500ms, 2s or 1m. Without it: 15s, and no limit for streams.")
    private Duration deadline;

    @Option(
            names = "--header",
            scope = ScopeType.INHERIT,
            paramLabel = "NAME:VALUE",
            converter = HeaderConverter.class,
            description = "A header to send along; may be given several times. Other users of this machine can see it: "
                    + "no secrets here.")
    private List<Header> headers = List.of();

    @Option(
            names = "--no-idempotency-key",
            scope = ScopeType.INHERIT,
            description = "Sends calls that are not idempotent without a key, so that none is ever sent again.")
    private boolean withoutKey;

    @Option(
            names = {"-v", "--verbose"},
            scope = ScopeType.INHERIT,
            description = "Prints on standard error which way each call took, and how long it took.")
    private boolean verbose;

    @Option(
            names = {"-h", "--help"},
            scope = ScopeType.INHERIT,
            usageHelp = true,
            description = "Shows this help.")
    @SuppressWarnings("unused") // set by picocli
    private boolean help;

    ClientCommand(InputStream in) {
        this.in = in;
    }

    /** Shows the usage, as no command was given. */
    @Override
    public Integer call() {
        spec.commandLine().usage(spec.commandLine().getErr());
        return ExitCode.USAGE;
    }

    InputStream in() {
        return in;
    }

    String target() {
        if (target != null) {
            return target;
        }
        return tls == null
                ? System.getenv().getOrDefault("MIDDLEWARE_TARGET", "127.0.0.1:9090")
                : System.getenv().getOrDefault("MIDDLEWARE_TLS_TARGET", "localhost:8443");
    }

    MiddlewareClient connect() {
        ClientOptions options = ClientOptions.defaults().withIdempotencyKeys(!withoutKey);
        try {
            options = tls == null ? options : options.withCredentials(credentials(tls));
        } catch (IllegalArgumentException unusable) {
            throw new WrongUseException(
                    "--tls: expected a folder with ca.pem and client.pem (./stack up --tls makes one). "
                            + unusable.getMessage(),
                    unusable);
        }
        try {
            return MiddlewareClient.connect(target(), options);
        } catch (IllegalArgumentException e) {
            throw new WrongUseException(
                    "--target: expected HOST:PORT, such as 127.0.0.1:9090, got '" + target() + "'", e);
        }
    }

    private static ChannelCredentials credentials(Path folder) {
        return TlsFiles.of(folder.resolve("ca.pem"), folder.resolve("client.pem"))
                .credentials();
    }

    private CallerCredential credential() {
        try {
            return CallerCredential.of(apiKeyFile, tokenFile, System.getenv("MIDDLEWARE_API_KEY"));
        } catch (IllegalArgumentException unusable) {
            throw new WrongUseException("--api-key-file, --token-file: " + unusable.getMessage(), unusable);
        }
    }

    /** Returns a channel that applies the options to each call. */
    Channel channel(MiddlewareClient client) {
        Channel quiet = quietChannel(client);
        CommandLine command = spec.commandLine();
        return verbose
                ? ClientInterceptors.intercept(
                        quiet,
                        new CallReport(
                                command.getErr(), command.getColorScheme().ansi(), target(), !withoutKey))
                : quiet;
    }

    /** Returns the same for internal calls, which -v does not show. */
    Channel quietChannel(MiddlewareClient client) {
        List<ClientInterceptor> interceptors = new ArrayList<>();
        if (deadline != null) {
            interceptors.add(new FixedDeadline(deadline));
        }
        if (!headers.isEmpty()) {
            Metadata metadata = new Metadata();
            headers.forEach(header -> metadata.put(header.key(), header.value()));
            interceptors.add(MetadataUtils.newAttachHeadersInterceptor(metadata));
        }
        interceptors.add(credential().interceptor());
        return client.stub(channel -> ClientInterceptors.intercept(channel, interceptors));
    }
}
