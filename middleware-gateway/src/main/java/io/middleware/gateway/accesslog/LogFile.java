package io.middleware.gateway.accesslog;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/**
 * Appends to a file. If the file is moved away, as programs that rotate logs do, the next lines go into a new one. Several gateways
 * may share it. Confined to one thread.
 */
final class LogFile implements AccessLog.Destination {
    private final Path path;
    private @Nullable OutputStream out;
    private @Nullable Object key;

    LogFile(Path path) {
        this.path = path;
    }

    @Override
    public void write(byte[] lines) throws IOException {
        OutputStream open = open();
        try {
            open.write(lines);
        } catch (IOException failed) {
            // the next attempt opens it again
            out = null;
            open.close();
            throw failed;
        }
    }

    private OutputStream open() throws IOException {
        OutputStream current = out;
        if (current != null) {
            if (isStillThere()) {
                return current;
            }
            out = null;
            current.close();
        }
        OutputStream newer = Files.newOutputStream(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        out = newer;
        key = key();
        return newer;
    }

    private boolean isStillThere() throws IOException {
        try {
            return key == null || key.equals(key());
        } catch (NoSuchFileException moved) {
            return false;
        }
    }

    /** Returns what distinguishes the file from another of that name; null if the file system has nothing. */
    private @Nullable Object key() throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
    }
}
