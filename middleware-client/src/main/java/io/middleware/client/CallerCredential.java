package io.middleware.client;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import java.nio.file.Path;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * By what a caller says who it is, where gateways ask: an API key, or a token. A file is read again within a second after it has
 * changed, so that the credential can be replaced while calls go on.
 */
public final class CallerCredential {
    /** Nothing is said. */
    public static final CallerCredential NONE = new CallerCredential("", "", () -> "");

    private static final String API_KEY = "x-api-key";
    private static final String AUTHORIZATION = "authorization";
    private static final String BEARER = "Bearer ";

    private final String header;
    private final String scheme;
    private final Supplier<String> secret;

    private CallerCredential(String header, String scheme, Supplier<String> secret) {
        this.header = header;
        this.scheme = scheme;
        this.secret = secret;
    }

    /** @throws IllegalArgumentException if it can be no key */
    public static CallerCredential apiKey(String key) {
        String checked = SecretFile.checked(key, "the API key");
        return new CallerCredential(API_KEY, "", () -> checked);
    }

    /** @throws IllegalArgumentException if the file cannot be read, or has no key alone in it */
    public static CallerCredential apiKeyFile(Path file) {
        return new CallerCredential(API_KEY, "", new SecretFile(file, System::nanoTime));
    }

    /**
     * Returns a token, such as a JWT, which is sent as {@code authorization: Bearer}.
     *
     * @throws IllegalArgumentException if the file cannot be read, or has no token alone in it
     */
    public static CallerCredential tokenFile(Path file) {
        return new CallerCredential(AUTHORIZATION, BEARER, new SecretFile(file, System::nanoTime));
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
            request.accept(header, scheme + secret.get());
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

    /** Says which header it is, and nothing of its value. */
    @Override
    public String toString() {
        return header.isEmpty() ? "none" : header;
    }
}
