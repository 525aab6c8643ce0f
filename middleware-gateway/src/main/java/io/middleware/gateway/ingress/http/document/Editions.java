package io.middleware.gateway.ingress.http.document;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.middleware.core.directory.Directory;
import io.middleware.gateway.openapi.Api;
import io.middleware.gateway.openapi.ApiDocument;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * The OpenAPI documents of the methods that there are now. A document is made when it is first requested after a change,
 * as most changes are followed by others before anybody reads it; requests for the same one wait for the same work.
 */
final class Editions {
    /** The most bytes of one document, and of all that are kept, compressed and not. */
    private static final int LARGEST = 32 << 20;

    private static final long KEPT = 48L << 20;
    private static final String ALL = "";

    private final Supplier<Api> api;
    private final Directory directory;
    private final Executor worker;
    private final boolean details;
    private volatile Edition current;

    /** {@code api}: supplies the same object until something has changed. */
    Editions(Supplier<Api> api, Directory directory, Executor worker, boolean details) {
        this.api = api;
        this.directory = directory;
        this.worker = worker;
        this.details = details;
        this.current = new Edition(api.get(), Set.of());
    }

    /** The documents of one state of the methods. {@code keyed}: the gRPC services that take idempotency keys. */
    private final class Edition {
        private final Api api;
        private final Set<String> services;
        private final Set<String> keyed;
        private final AsyncCache<String, StoredDocument> documents = Caffeine.newBuilder()
                .executor(worker)
                .maximumWeight(KEPT)
                .weigher((String name, StoredDocument document) -> document.weight())
                .buildAsync();

        Edition(Api api, Set<String> keyed) {
            this.api = api;
            this.services = api.services();
            this.keyed = keyed;
        }

        CompletableFuture<StoredDocument> get(String name) {
            return documents.get(name, this::make);
        }

        private StoredDocument make(String name) {
            ApiDocument document = name.equals(ALL)
                    ? new ApiDocument(api, "All services", keyed, details)
                    : new ApiDocument(api.of(Set.of(name)), name, keyed, details);
            BoundedBytes bytes = new BoundedBytes(LARGEST);
            try (Writer writer = new BufferedWriter(new OutputStreamWriter(bytes, StandardCharsets.UTF_8))) {
                document.writeTo(writer);
            } catch (IOException inMemory) {
                throw new UncheckedIOException(inMemory);
            }
            return StoredDocument.of("application/json", bytes.toByteArray(), Map.of());
        }
    }

    /** Returns the document of all services. */
    CompletableFuture<StoredDocument> all() {
        return current().get(ALL);
    }

    boolean has(String grpcService) {
        return current().services.contains(grpcService);
    }

    /** Returns the document of one of the {@linkplain #has services}. */
    CompletableFuture<StoredDocument> of(String grpcService) {
        return current().get(grpcService);
    }

    Set<String> services() {
        return current().services;
    }

    private Edition current() {
        Edition edition = current;
        Api newest = api.get();
        Set<String> services = edition.api == newest ? edition.services : newest.services();
        Set<String> keyed = keyed(services);
        return edition.api == newest && edition.keyed.equals(keyed) ? edition : renew(newest, keyed);
    }

    /** Makes an edition, unless another request has made it meanwhile. */
    private synchronized Edition renew(Api newest, Set<String> keyed) {
        if (current.api != newest || !current.keyed.equals(keyed)) {
            current = new Edition(newest, keyed);
        }
        return current;
    }

    private Set<String> keyed(Set<String> services) {
        Set<String> keyed = new HashSet<>();
        directory.routes().forEach((grpcService, route) -> {
            if (services.contains(grpcService) && route.honoursIdempotencyKeys()) {
                keyed.add(grpcService);
            }
        });
        return keyed;
    }
}
