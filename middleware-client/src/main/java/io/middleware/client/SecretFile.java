package io.middleware.client;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * A secret in a file, which is read again within a second after it has changed. While the file cannot be used, the secret
 * as read before is.
 */
final class SecretFile implements Supplier<String> {
    static final Duration PERIOD = Duration.ofSeconds(1);

    private static final Logger LOG = Logger.getLogger(SecretFile.class.getName());
    private static final long LARGEST = 64 << 10;

    private final Path file;
    private final LongSupplier nanos;
    private final AtomicLong readNext;
    private volatile String secret;

    /** @throws IllegalArgumentException if the file cannot be read, or has no secret alone in it */
    SecretFile(Path file, LongSupplier nanos) {
        this.file = file;
        this.nanos = nanos;
        this.readNext = new AtomicLong(nanos.getAsLong() + PERIOD.toNanos());
        try {
            secret = read();
        } catch (IOException | IllegalArgumentException unusable) {
            throw new IllegalArgumentException(reason(unusable), unusable);
        }
    }

    @Override
    public String get() {
        long now = nanos.getAsLong();
        long due = readNext.get();
        if (now - due >= 0 && readNext.compareAndSet(due, now + PERIOD.toNanos())) {
            try {
                secret = read();
            } catch (IOException | IllegalArgumentException unusable) {
                LOG.log(Level.WARNING, "the credential as read before is used: {0}", reason(unusable));
            }
        }
        return secret;
    }

    private String read() throws IOException {
        if (Files.size(file) > LARGEST) {
            throw new IllegalArgumentException("it is too large");
        }
        return checked(Files.readString(file).strip(), "it");
    }

    private String reason(Exception unusable) {
        return file + ": " + (unusable instanceof IOException ? "it cannot be read" : unusable.getMessage());
    }

    /** Says nothing of what it got, as that may be a secret. */
    static String checked(String secret, String what) {
        if (secret.isEmpty() || !secret.chars().allMatch(c -> c > ' ' && c <= '~')) {
            throw new IllegalArgumentException(what + " is empty, or has more than one word of visible ASCII");
        }
        return secret;
    }
}
