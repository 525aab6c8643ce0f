package io.middleware.starter;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The token for Consul's ACLs: one that stays, or the content of a file that may be replaced while the application
 * runs.
 *
 * <p>The file is read for each request to Consul, of which there are about two a second: no change is missed, however
 * the file was replaced. While it cannot be read, or holds no token, the last token stays in use.
 */
public final class ConsulToken {

    /** What to look at when Consul refuses a request. */
    public static final String SETTINGS = "middleware.consul.token-file or spring.cloud.consul.discovery.acl-token";

    private static final Logger LOG = LoggerFactory.getLogger(ConsulToken.class);
    private static final Pattern TOKEN = Pattern.compile("[\\x21-\\x7e]{1,1024}");
    private static final int LONGEST_FILE = 4096;

    private final @Nullable Path file;
    private String token;
    private @Nullable String problem;
    private boolean refused;

    private ConsulToken(@Nullable Path file, String token) {
        this.file = file;
        this.token = token;
    }

    /** Returns a token that stays; null or blank when Consul needs none. */
    public static ConsulToken fixed(@Nullable String token) {
        return new ConsulToken(null, token == null ? "" : token.strip());
    }

    /**
     * Returns the token in a file.
     *
     * @throws WrongSettingException if the file cannot be read now, or holds no token
     */
    public static ConsulToken inFile(Path file) {
        try {
            return new ConsulToken(file, read(file));
        } catch (IOException unusable) {
            throw new WrongSettingException(
                    "middleware.consul.token-file: " + reason(file, unusable) + ".",
                    "Let it name a file that holds nothing but a token for Consul, and that this process may read.");
        }
    }

    /** Returns the token to send; empty when Consul needs none. */
    public synchronized String current() {
        if (file != null) {
            readAgain(file);
        }
        return token;
    }

    /** Returns why the token is an old one, for a person; empty while it is the file's. */
    public synchronized Optional<String> problem() {
        return Optional.ofNullable(problem)
                .or(() -> refused
                        ? Optional.of("Consul refuses the token in " + file + ", the one before it stays in use")
                        : Optional.empty());
    }

    /** Called when Consul has refused the file's token, and accepted the one before it. */
    synchronized void onRefused() {
        if (!refused) {
            refused = true;
            LOG.warn("Consul refuses the token in {}, the one before it stays in use", file);
        }
    }

    /** Called when Consul has accepted the present token. */
    synchronized void onAccepted() {
        refused = false;
    }

    private void readAgain(Path source) {
        try {
            String read = read(source);
            if (problem != null || !read.equals(token)) {
                LOG.info("took the token for Consul from {}", source);
            }
            token = read;
            problem = null;
        } catch (IOException unusable) {
            String reason = reason(source, unusable);
            if (!Objects.equals(problem, reason)) {
                LOG.warn("middleware.consul.token-file: {}; the token read before stays in use", reason);
            }
            problem = reason;
        }
    }

    private static String read(Path file) throws IOException {
        if (Files.size(file) > LONGEST_FILE) {
            throw new NoTokenException();
        }
        String token = Files.readString(file).strip();
        if (!TOKEN.matcher(token).matches()) {
            throw new NoTokenException();
        }
        return token;
    }

    private static String reason(Path file, IOException failure) {
        return switch (failure) {
            case NoTokenException _ -> file + " holds no token (expected: one word, such as a UUID)";
            case NoSuchFileException _ -> file + " does not exist";
            default -> file + " cannot be read (" + failure.getClass().getSimpleName() + ")";
        };
    }

    /** Thrown for a file that can be read but holds something else. */
    private static final class NoTokenException extends IOException {
        private static final long serialVersionUID = 1L;
    }
}
