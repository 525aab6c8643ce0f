package io.middleware.chaos.matrix;

import io.middleware.chaos.stack.FaultInjector;
import io.middleware.chaos.stack.Part;
import java.time.Duration;
import java.util.List;

/** How the faults of the matrix are caused. {@link Faults} says which row uses which. */
final class FaultScripts {

    private static final Duration SECOND = Duration.ofSeconds(1);

    private FaultScripts() {}

    static void first(FaultInjector injector, String command, String remedy) {
        injector.breakPart(injector.parts().primaries().getFirst().name(), command, remedy);
    }

    static void fault(FaultInjector injector, String mode) {
        injector.inject(injector.parts().primaries().getFirst().name(), mode);
    }

    static void primaries(FaultInjector injector, int most) {
        injector.parts().primaries().stream()
                .limit(most)
                .forEach(part -> injector.breakPart(part.name(), "kill", "start"));
    }

    static void gateway(FaultInjector injector, String command, String remedy) {
        injector.breakPart(injector.parts().gateways().getFirst().name(), command, remedy);
    }

    static void roll(FaultInjector injector) {
        for (Part server : injector.parts().servers()) {
            injector.restart(server.name());
        }
    }

    static void restartOfConsul(FaultInjector injector, List<String> meanwhile) throws InterruptedException {
        injector.breakPart("consul", "kill", "start");
        injector.sleep(SECOND.multipliedBy(9));
        if (!meanwhile.isEmpty()) {
            injector.run(meanwhile.toArray(String[]::new));
        }
        injector.mend();
    }

    static void reloads(FaultInjector injector) throws InterruptedException {
        for (int second = 0; second < 10; second++) {
            injector.breakPart("nginx", "reload", "reload");
            injector.sleep(SECOND);
        }
    }
}
