package io.middleware.chaos.demo;

import io.middleware.chaos.stack.FaultInjector;
import io.middleware.chaos.stack.Part;
import java.time.Duration;
import java.util.List;

/** All acts, in their order. */
final class Acts {

    private static final Duration WHILE = Duration.ofSeconds(4);
    /** Longer than a heartbeat's TTL: the registrations would have expired if Consul were running. */
    private static final Duration LONG_WHILE = Duration.ofSeconds(8);

    static final List<Act> ALL = List.of(
            new Act("stop", injector -> one(injector, "stop", "start")),
            new Act("kill", injector -> one(injector, "kill", "start")),
            new Act("freeze", injector -> one(injector, "pause", "resume")),
            new Act("unavailable", injector -> {
                injector.inject(injector.parts().primaries().getFirst().name(), "unavailable");
                injector.sleep(WHILE);
                injector.mend();
            }),
            new Act("primaries", injector -> {
                injector.parts().primaries().forEach(part -> injector.breakPart(part.name(), "kill", "start"));
                injector.sleep(WHILE);
                injector.mend();
            }),
            new Act("consul", injector -> {
                injector.breakPart("consul", "kill", "start");
                injector.breakPart(injector.parts().primaries().getLast().name(), "kill", "start");
                injector.sleep(LONG_WHILE);
                injector.mend();
            }),
            new Act("gateway", injector -> {
                injector.breakPart(injector.parts().gateways().getFirst().name(), "kill", "start");
                injector.sleep(WHILE);
                injector.mend();
            }),
            new Act("roll", injector -> {
                for (Part part : injector.parts().all()) {
                    if (part.kind().equals("service") || part.kind().equals("gateway")) {
                        injector.restart(part.name());
                    }
                }
            }));

    private Acts() {}

    private static void one(FaultInjector injector, String command, String remedy) throws InterruptedException {
        injector.breakPart(injector.parts().primaries().getFirst().name(), command, remedy);
        injector.sleep(WHILE);
        injector.mend();
    }
}
