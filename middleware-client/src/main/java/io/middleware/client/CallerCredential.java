package io.middleware.client;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * By what a caller says who it is, where gateways ask: an API key, or a token. A file is read again within a second after it has
 * changed, so that the credential can be replaced while calls go on.
 */
public final class CallerCredential {
    /** Nothing is said. */
    public static final CallerCredential NONE = new CallerCredential("", "", null, "");

    private static final Logger LOG = Logger.getLogger(CallerCredential.class.getName());
    private static final String API_KEY = "x-api-key";
    private static final String AUTHORIZATION = "authorization";
    private static final String BEARER = "Bearer ";
    private static final long PERIOD_NANOS = Duration.ofSeconds(1).toNanos();
    private static final long LARGEST = 64 << 10;

    private final String header;
    private final String scheme;
    private final @Nullable Path file;
    private final AtomicLong readNext = new AtomicLong(System.nanoTime() + PERIOD_NANOS);
    private volatile String secret;

    private CallerCredential(String header, String scheme, @Nullable Path file, String secret) {
        this.header = header;
        this.scheme = scheme;
        this.file = file;
        this.secret = secret;
    }

    /** @throws IllegalArgumentException if it can be no key */
    public static CallerCredential apiKey(String key) {
        return new CallerCredential(API_KEY, "", null, checked(key, "the API key"));
    }

    /** @throws IllegalArgumentException if the file cannot be read, or has no key alone in it */
    public static CallerCredential apiKeyFile(Path file) {
        return new CallerCredential(API_KEY, "", file, first(file));
    }

    /**
     * Returns a token, such as a JWT, which is sent as {@code authorization: Bearer}.
     *
     * @throws IllegalArgumentException if the file cannot be read, or has no token alone in it
     */
    public static CallerCredential tokenFile(Path file) {
        return new CallerCredential(AUTHORIZATION, BEARER, file, first(file));
    }

    /**
     * Returns the one that is given.
     *
     * @param keyFile   has an API key; null for none
     * @param tokenFile has a token; null for none
     * @param key       an API key, for where no file is given; null for none
     * @throws IllegalArgumentException if it cannot be used, or both files are given
     */
    public static CallerCredential of(@Nullable Path keyFile, @Nullable Path tokenFile, @Nullable String key) {
        if (keyFile != null && tokenFile != null) {
            throw new IllegalArgumentException("expected an API key or a token, not both");
        }
        if (keyFile != null) {
            return apiKeyFile(keyFile);
        }
        if (tokenFile != null) {
            return tokenFile(tokenFile);
        }
        return key == null || key.isEmpty() ? NONE : apiKey(key);
    }

    /** Adds name and value of the header to a request, if there is one. */
    public void addTo(BiConsumer<String, String> request) {
        if (!header.isEmpty()) {
            request.accept(header, value());
        }
    }

    /** Returns what adds the header to calls that have none of this name. */
    public ClientInterceptor interceptor() {
        return new ClientInterceptor() {
            @Override
            public <Q, R> ClientCall<Q, R> interceptCall(
                    MethodDescriptor<Q, R> method, CallOptions options, Channel next) {
                return new SimpleForwardingClientCall<>(next.newCall(method, options)) {
                    @Override
                    public void start(Listener<R> listener, Metadata headers) {
                        addTo((name, value) -> addAbsent(headers, name, value));
                        super.start(listener, headers);
                    }
                };
            }
        };
    }

    private static void addAbsent(Metadata headers, String name, String value) {
        Metadata.Key<String> key = Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
        if (!headers.containsKey(key)) {
            headers.put(key, value);
        }
    }

    private String value() {
        long due = readNext.get();
        if (file != null
                && System.nanoTime() - due >= 0
                && readNext.compareAndSet(due, System.nanoTime() + PERIOD_NANOS)) {
            try {
                secret = read(file);
            } catch (IOException | IllegalArgumentException unusable) {
                LOG.log(Level.WARNING, "the credential as read before is used: {0}", reason(file, unusable));
            }
        }
        return scheme + secret;
    }

    private static String first(Path file) {
        try {
            return read(file);
        } catch (IOException | IllegalArgumentException unusable) {
            throw new IllegalArgumentException(reason(file, unusable), unusable);
        }
    }

    private static String read(Path file) throws IOException {
        if (Files.size(file) > LARGEST) {
            throw new IllegalArgumentException("it is too large");
        }
        return checked(Files.readString(file).strip(), "it");
    }

    private static String reason(Path file, Exception unusable) {
        return file + ": " + (unusable instanceof IOException ? "it cannot be read" : unusable.getMessage());
    }

    /** Says nothing of what it got, as that may be a secret. */
    private static String checked(String secret, String what) {
        if (secret.isEmpty() || !secret.chars().allMatch(c -> c > ' ' && c <= '~')) {
            throw new IllegalArgumentException(what + " is empty, or has more than one word of visible ASCII");
        }
        return secret;
    }

    /** Says which header it is, and nothing of its value. */
    @Override
    public String toString() {
        return header.isEmpty() ? "none" : header;
    }
}
