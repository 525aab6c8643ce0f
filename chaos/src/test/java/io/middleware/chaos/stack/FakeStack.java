package io.middleware.chaos.stack;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Notes the commands, each of which takes 300 ms and does its work after 200. */
public final class FakeStack implements Stack {

    private static final Duration BEFORE = Duration.ofMillis(200);
    private static final Duration AFTER = Duration.ofMillis(100);

    public final List<String> commands = new ArrayList<>();
    /** Commands that begin so fail. */
    public String refuses = "nothing";

    private final FakeClock clock;

    public FakeStack(FakeClock clock) {
        this.clock = clock;
    }

    @Override
    public Done run(String... words) {
        String command = String.join(" ", words);
        commands.add(command);
        clock.sleep(BEFORE);
        long at = clock.micros();
        clock.sleep(AFTER);
        if (command.startsWith(refuses)) {
            throw new StackException(command + " was refused");
        }
        return new Done("", at);
    }

    /** Three primaries, a secondary and two gateways. */
    public static Parts parts() {
        return new Parts(Stream.concat(
                        Stream.of("hello-service-1", "hello-service-2", "hello-service-3", "hello-secondary-1")
                                .map(name ->
                                        part(name, "service", name.contains("secondary") ? "secondary" : "primary")),
                        Stream.of("gateway-1", "gateway-2").map(name -> part(name, "gateway", null)))
                .toList());
    }

    public static Parts partsWithDatabase() {
        return new Parts(Stream.concat(parts().all().stream(), Stream.of(part("database", "database", null)))
                .toList());
    }

    private static Part part(String name, String kind, String pool) {
        return new Part(name, kind, pool, "127.0.0.1", Map.of());
    }
}
