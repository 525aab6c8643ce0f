package io.middleware.chaos.prove;

import io.middleware.chaos.stack.FaultInjector;
import io.middleware.chaos.stack.Part;
import io.middleware.chaos.stack.Parts;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/** The ways in which a part is broken during a proof. Each is mended before the next. */
enum Fault {
    /** A server is killed. */
    KILL("service", "kill", "start"),
    /** A server stands still, and goes on later. */
    FREEZE("service", "pause", "resume"),
    /** A server leaves and drains. */
    STOP("service", "stop", "start"),
    /** A server responds {@code UNAVAILABLE} to a third of the calls, before it executes anything. */
    FLAKY("service", "flaky=30", ""),
    /** A gateway is killed. */
    GATEWAY("gateway", "kill", "start"),
    /** Consul is killed. */
    CONSUL("consul", "kill", "start"),
    /** The database is killed, if the stack has one. */
    DATABASE("database", "kill", "start");

    private final String kind;
    private final String command;
    private final String remedy;

    /**
     * @param kind   of the part
     * @param remedy empty where the command is a fault of {@code ./stack fault}
     */
    Fault(String kind, String command, String remedy) {
        this.kind = kind;
        this.command = command;
        this.remedy = remedy;
    }

    /** Secondaries get no calls as long as there are primaries: nothing would happen to any. */
    private List<Part> among(Parts parts) {
        return kind.equals("service") ? parts.primaries() : parts.ofKind(kind);
    }

    /** Returns whether the stack has such a part. */
    boolean isPossible(Parts parts) {
        return !among(parts).isEmpty();
    }

    /** Breaks one of these parts, and returns its name. */
    String inject(FaultInjector injector, Random random) {
        List<Part> parts = among(injector.parts());
        String name = parts.get(random.nextInt(parts.size())).name();
        if (remedy.isEmpty()) {
            injector.inject(name, command);
        } else {
            injector.breakPart(name, command, remedy);
        }
        return name;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
