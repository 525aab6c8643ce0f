package io.middleware.chaos.demo;

import io.middleware.chaos.Part;
import io.middleware.chaos.Stage;
import java.time.Duration;
import java.util.List;

/** All acts, in the order in which they are played. */
final class Acts {

    private static final Duration WHILE = Duration.ofSeconds(4);
    /** Longer than a heartbeat's time to live, so that Consul has no say until it is back. */
    private static final Duration LONG_WHILE = Duration.ofSeconds(8);

    static final List<Act> ALL = List.of(
            new Act("stop", stage -> one(stage, "stop", "start")),
            new Act("kill", stage -> one(stage, "kill", "start")),
            new Act("freeze", stage -> one(stage, "pause", "resume")),
            new Act("unavailable", stage -> {
                stage.faults(stage.parts().primaries().getFirst().name(), "unavailable");
                stage.waits(WHILE);
                stage.mends();
            }),
            new Act("primaries", stage -> {
                stage.parts().primaries().forEach(part -> stage.breaks(part.name(), "kill", "start"));
                stage.waits(WHILE);
                stage.mends();
            }),
            new Act("consul", stage -> {
                stage.breaks("consul", "kill", "start");
                stage.breaks(stage.parts().primaries().getLast().name(), "kill", "start");
                stage.waits(LONG_WHILE);
                stage.mends();
            }),
            new Act("gateway", stage -> {
                stage.breaks(stage.parts().gateways().getFirst().name(), "kill", "start");
                stage.waits(WHILE);
                stage.mends();
            }),
            new Act("roll", stage -> {
                for (Part part : stage.parts().all()) {
                    if (part.kind().equals("service") || part.kind().equals("gateway")) {
                        stage.restarts(part.name());
                    }
                }
            }));

    private Acts() {}

    private static void one(Stage stage, String command, String remedy) throws InterruptedException {
        stage.breaks(stage.parts().primaries().getFirst().name(), command, remedy);
        stage.waits(WHILE);
        stage.mends();
    }
}
