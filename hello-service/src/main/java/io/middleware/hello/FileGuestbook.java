package io.middleware.hello;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.middleware.hello.v1.Signature;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A file of signatures, one a line, with fields separated by tabs. A signature is in the file when {@link #append}
 * returns, and stays there if the process is killed (but not if the machine is). Each server has a file of its own: it
 * shows what becomes of state that lives with one server.
 */
final class FileGuestbook implements Guestbook {

    private static final int FIELDS = 4;

    private final Path file;
    private @Nullable FileChannel open;

    FileGuestbook(Path file) {
        this.file = file;
    }

    @Override
    public synchronized void append(Signature signature) {
        String line = String.join(
                        "\t",
                        signature.getSignedAt(),
                        signature.getCallId(),
                        signature.getName(),
                        signature.getMessage())
                + "\n";
        try {
            write(open(), ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw failed("not signed: the guestbook " + file + " cannot be written", e);
        }
    }

    @Override
    public List<Signature> last(int max) {
        if (!Files.exists(file)) {
            return List.of();
        }
        Deque<Signature> last = new ArrayDeque<>();
        try (Stream<String> lines = Files.lines(file)) {
            lines.map(line -> line.split("\t", -1))
                    .filter(fields -> fields.length == FIELDS)
                    .forEach(fields -> {
                        if (last.size() == max) {
                            last.removeFirst();
                        }
                        last.addLast(Signature.newBuilder()
                                .setSignedAt(fields[0])
                                .setCallId(fields[1])
                                .setName(fields[2])
                                .setMessage(fields[3])
                                .build());
                    });
        } catch (IOException e) {
            throw failed("the guestbook " + file + " cannot be read", e);
        } catch (UncheckedIOException e) {
            throw failed("the guestbook " + file + " cannot be read", Objects.requireNonNull(e.getCause()));
        }
        return List.copyOf(last);
    }

    private static StatusRuntimeException failed(String what, IOException why) {
        return Status.INTERNAL.withDescription(what + ": " + why.getMessage()).asRuntimeException();
    }

    /** Writes the whole line or, for example when the disk is full, nothing: part of a line would spoil the next. */
    private void write(FileChannel channel, ByteBuffer line) throws IOException {
        long end = channel.size();
        try {
            while (line.hasRemaining()) {
                channel.write(line);
            }
        } catch (IOException notWhole) {
            try (FileChannel broken = channel) {
                open = null;
                broken.truncate(end);
            } catch (IOException e) {
                notWhole.addSuppressed(e);
            }
            throw notWhole;
        }
    }

    private FileChannel open() throws IOException {
        if (open == null) {
            if (file.getParent() != null) {
                Files.createDirectories(file.getParent());
            }
            boolean half = endsInTheMiddleOfALine();
            open = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            if (half) {
                write(open, ByteBuffer.wrap(new byte[] {'\n'}));
            }
        }
        return open;
    }

    private boolean endsInTheMiddleOfALine() throws IOException {
        if (!Files.isRegularFile(file) || Files.size(file) == 0) {
            return false;
        }
        try (FileChannel written = FileChannel.open(file, StandardOpenOption.READ)) {
            ByteBuffer last = ByteBuffer.allocate(1);
            written.read(last, written.size() - 1);
            return last.get(0) != '\n';
        }
    }
}
