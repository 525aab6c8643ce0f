package io.middleware.chaos.stack;

import java.io.BufferedReader;
import java.io.EOFException;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Has the commands run by the script that started this program, as a container cannot run them. A request is a line
 * {@code run WORDS}, {@code key}, {@code put back}, or {@code file NAME LINES} followed by the lines. A reply is a line
 * {@code EXIT-STATUS LINES MICROS} followed by that many lines of the command's output.
 */
public final class PipedStack implements Stack {

    private static final int NOT_POSSIBLE = 4;

    private final PrintStream requests;
    private final BufferedReader replies;

    PipedStack(PrintStream requests, BufferedReader replies) {
        this.requests = requests;
        this.replies = replies;
    }

    /** Returns one that writes requests to standard output and reads replies from standard input. */
    public static PipedStack ofThisProcess() {
        return new PipedStack(
                new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8),
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)));
    }

    /** Waits until Enter is pressed at the script's terminal. */
    public void awaitKey() {
        reply("a key", "key");
    }

    /** Has the script write a file. */
    public void write(String name, String text) {
        List<String> lines = text.lines().toList();
        reply(name, "file " + name + " " + lines.size() + "\n" + String.join("\n", lines));
    }

    /**
     * Restores every broken part, whatever broke it.
     *
     * @throws StackException if a part still does not run
     */
    public void putBack() {
        reply("restoring all parts", "put back");
    }

    @Override
    public Done run(String... words) {
        String command = String.join(" ", words);
        return reply("./stack " + command, "run " + command);
    }

    /** @throws UncheckedIOException if the script has ended, after which nothing can be done */
    private synchronized Done reply(String what, String request) {
        requests.println(request);
        requests.flush();
        try {
            String[] head = line().split(" ");
            int status = Integer.parseInt(head[0]);
            StringBuilder output = new StringBuilder();
            for (int left = Integer.parseInt(head[1]); left > 0; left--) {
                output.append(line()).append('\n');
            }
            if (status == NOT_POSSIBLE) {
                throw new NotPossibleException(output.toString().strip());
            }
            if (status != 0) {
                throw new StackException(what + " failed with exit status " + status + ": "
                        + output.toString().strip());
            }
            return new Done(output.toString(), Long.parseLong(head[2]));
        } catch (IOException e) {
            throw new UncheckedIOException(what + ": no reply, " + e.getMessage(), e);
        }
    }

    private String line() throws IOException {
        String line = replies.readLine();
        if (line == null) {
            throw new EOFException("the script that started this program has ended");
        }
        return line;
    }
}
