package io.middleware.gateway.security.watched;

import io.middleware.starter.WrongSettingException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a file says, as of its last good content. Read by one thread; any thread may get the value. */
public final class WatchedFile<T> implements Supplier<T> {
    private static final Logger log = LoggerFactory.getLogger(WatchedFile.class);
    private static final long MOST_BYTES = 16 << 20;

    private final String setting;
    private final Path path;
    private final Function<String, T> parser;
    private volatile T value;
    private volatile @Nullable String problem;
    private String content;

    /**
     * Reads a file for the first time.
     *
     * @param setting for messages: what names the file
     * @param parser  throws an IllegalArgumentException with a message for a person
     * @throws WrongSettingException if the file cannot be read or is wrong
     */
    public WatchedFile(String setting, Path path, Function<String, T> parser) {
        this.setting = setting;
        this.path = path;
        this.parser = parser;
        try {
            this.content = read();
            this.value = parser.apply(content);
        } catch (IOException | IllegalArgumentException wrong) {
            throw new WrongSettingException(
                    setting + ": " + path + ": " + reason(wrong),
                    "Mend the file, or have " + setting + " name another.");
        }
    }

    private String read() throws IOException {
        if (Files.size(path) > MOST_BYTES) {
            throw new IOException("it is larger than " + (MOST_BYTES >> 20) + " MB");
        }
        return Files.readString(path, StandardCharsets.UTF_8);
    }

    private static String reason(Exception wrong) {
        return switch (wrong) {
            case NoSuchFileException none -> "there is no such file";
            case IOException unreadable -> "it cannot be read: " + unreadable.getMessage();
            default -> String.valueOf(wrong.getMessage());
        };
    }

    /** Reads the file again; a wrong one is told once, and not taken. */
    public void refresh() {
        try {
            String now = read();
            if (!now.equals(content)) {
                value = parser.apply(now);
                content = now;
                log.info("{}: {} has changed, and is taken", setting, path);
            } else if (problem != null) {
                log.info("{}: {} is as before", setting, path);
            }
            problem = null;
        } catch (IOException | IllegalArgumentException wrong) {
            String why = reason(wrong);
            if (!why.equals(problem)) {
                log.error("{}: {} is not taken, the last good one holds: {}", setting, path, why);
            }
            problem = why;
        }
    }

    @Override
    public T get() {
        return value;
    }

    /** Returns why the file as it is now is not taken; null if it is. */
    public @Nullable String problem() {
        return problem;
    }
}
