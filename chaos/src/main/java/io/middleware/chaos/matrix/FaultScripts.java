package io.middleware.chaos.matrix;

import io.middleware.chaos.matrix.Fault.Script;
import io.middleware.chaos.stack.Part;
import io.middleware.chaos.stack.Stack;
import java.time.Duration;
import java.util.List;

/** How the faults of the matrix are caused. {@link Faults} says which row uses which. */
final class FaultScripts {

    private static final Duration SECOND = Duration.ofSeconds(1);

    private FaultScripts() {}

    static Script first(String command, String remedy) {
        return injector ->
                injector.breakPart(injector.parts().primaries().getFirst().name(), command, remedy);
    }

    static Script fault(String mode) {
        return injector ->
                injector.inject(injector.parts().primaries().getFirst().name(), mode);
    }

    static Script allServers(String mode) {
        return injector -> injector.parts().servers().forEach(server -> injector.inject(server.name(), mode));
    }

    static Script primaries(int most) {
        return injector -> injector.parts().primaries().stream()
                .limit(most)
                .forEach(part -> injector.breakPart(part.name(), "kill", "start"));
    }

    static Script gateway(String command, String remedy) {
        return injector ->
                injector.breakPart(injector.parts().gateways().getFirst().name(), command, remedy);
    }

    /** @throws Stack.NotPossibleException where each server keeps its own signatures */
    static Script database(String command, String remedy) {
        return injector -> {
            Part database = injector.parts()
                    .database()
                    .orElseThrow(() -> new Stack.NotPossibleException("there is no database: --database none"));
            injector.breakPart(database.name(), command, remedy);
        };
    }

    static Script roll() {
        return injector -> {
            for (Part server : injector.parts().servers()) {
                injector.restart(server.name());
            }
        };
    }

    static Script restartOfConsul(List<String> meanwhile) {
        return injector -> {
            injector.breakPart("consul", "kill", "start");
            injector.sleep(SECOND.multipliedBy(9));
            if (!meanwhile.isEmpty()) {
                injector.run(meanwhile.toArray(String[]::new));
            }
            injector.mend();
        };
    }

    static Script reloads() {
        return injector -> {
            for (int second = 0; second < 10; second++) {
                injector.breakPart("nginx", "reload", "reload");
                injector.sleep(SECOND);
            }
        };
    }
}
