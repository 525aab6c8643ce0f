package io.middleware.chaos;

import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Has the commands run by whoever started this program, as it may be in a container that cannot. What goes out is a line
 * {@code run WORDS}, {@code key}, or {@code file NAME LINES} followed by the lines; what comes back is a line
 * {@code EXIT-STATUS LINES}, followed by as many lines of what the command printed.
 */
public final class PipedStack implements Stack {

    private final PrintStream requests;
    private final BufferedReader replies;

    PipedStack(PrintStream requests, BufferedReader replies) {
        this.requests = requests;
        this.replies = replies;
    }

    /** Over standard output and input. */
    public static PipedStack ofThisProcess() {
        return new PipedStack(new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8),
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)));
    }

    /** Waits for a key at the other end's terminal. */
    public void awaitKey() {
        reply("a key", "key");
    }

    /** Has a file written. */
    public void write(String name, String text) {
        List<String> lines = text.lines().toList();
        reply(name, "file " + name + " " + lines.size() + "\n" + String.join("\n", lines));
    }

    @Override
    public String run(String... words) {
        String command = String.join(" ", words);
        return reply("./stack " + command, "run " + command);
    }

    private synchronized String reply(String what, String request) {
        requests.println(request);
        requests.flush();
        try {
            String[] head = line(what).split(" ");
            int status = Integer.parseInt(head[0]);
            StringBuilder output = new StringBuilder();
            for (int left = Integer.parseInt(head[1]); left > 0; left--) {
                output.append(line(what)).append('\n');
            }
            if (status != 0) {
                throw new StackException(what + " failed with exit status " + status + ": " + output.toString().strip());
            }
            return output.toString();
        } catch (IOException e) {
            throw new UncheckedIOException(what + ": no reply", e);
        }
    }

    private String line(String what) throws IOException {
        String line = replies.readLine();
        if (line == null) {
            throw new StackException(what + ": no reply, the other end is gone");
        }
        return line;
    }
}
