package io.middleware.chaos.matrix;

import io.middleware.chaos.stack.Part;
import io.middleware.chaos.stack.Stack;
import java.util.List;

/**
 * A stack whose servers are slow until this is closed. A fault ends with its process, so it is set again after each
 * start.
 */
final class SlowServers implements Stack, AutoCloseable {

    private final Stack stack;
    private final List<String> servers;
    private final String mode;

    /** @param mode as for {@code ./stack fault}, such as {@code slow=50ms}; empty for none */
    SlowServers(Stack stack, List<Part> servers, String mode) {
        this.stack = stack;
        this.servers =
                mode.isEmpty() ? List.of() : servers.stream().map(Part::name).toList();
        this.mode = mode;
    }

    void begin() {
        servers.forEach(server -> stack.run("fault", server, mode));
    }

    @Override
    public Done run(String... words) {
        Done done = stack.run(words);
        if (words.length > 1 && List.of("start", "restart").contains(words[0]) && servers.contains(words[1])) {
            stack.run("fault", words[1], mode);
        }
        return done;
    }

    @Override
    public void close() {
        RuntimeException failure = null;
        for (String server : servers) {
            try {
                stack.run("fault", server, "none");
            } catch (RuntimeException failed) {
                failure = failed;
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
