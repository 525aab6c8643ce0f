package io.middleware.gateway.stale;

import io.middleware.core.Call;
import io.middleware.core.MethodTraits;
import io.middleware.core.directory.Directory;
import io.middleware.core.directory.Service;
import io.middleware.core.stale.StaleResponses;
import io.middleware.gateway.schema.Method;
import io.middleware.gateway.schema.Schema;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Warns, once each, of methods that are configured for stale responses but cannot have any, as soon as they are
 * described. Confined to one thread.
 */
public final class StaleConfigCheck implements Consumer<Schema> {
    private static final Logger log = LoggerFactory.getLogger(StaleConfigCheck.class);

    private final StaleResponses.Policy policy;
    private final Directory directory;
    private final Set<String> warned = new HashSet<>();

    public StaleConfigCheck(StaleResponses.Policy policy, Directory directory) {
        this.policy = policy;
        this.directory = directory;
    }

    @Override
    public void accept(Schema schema) {
        for (String path : policy.methods()) {
            warn(path.substring(1), whyNot(path, schema));
        }
        for (String grpcService : policy.services()) {
            warn(grpcService, whyNone(grpcService, schema));
        }
    }

    private void warn(String name, @Nullable String why) {
        if (why != null && warned.add(name)) {
            log.warn("no stale response of {} is kept: {}", name, why);
        }
    }

    /** Returns why no response of the method is kept; null if it is, or if the method is not described yet. */
    private @Nullable String whyNot(String path, Schema schema) {
        String grpcService = Call.grpcService(path);
        if (grpcService == null) {
            return "it is no path of a method (expected: /package.Service/Method)";
        }
        if (methods(grpcService, schema).isEmpty()) {
            return undescribed(grpcService, schema);
        }
        Method method = schema.methods().get(path);
        if (method == null) {
            return "there is no such method";
        }
        MethodTraits traits = traits(path, grpcService);
        if (traits.mayBeStale()) {
            return null;
        }
        if (traits.equals(MethodTraits.UNKNOWN) && method.traits().mayBeStale()) {
            return "not all of its servers describe it by reflection";
        }
        return traits.unary()
                ? "its idempotency_level is not NO_SIDE_EFFECTS, or not on every server"
                : "it is not unary, or not on every server";
    }

    private @Nullable String whyNone(String grpcService, Schema schema) {
        String path = "/" + grpcService.replaceFirst("\\.(\\w+)$", "/$1");
        if (schema.methods().containsKey(path)) {
            return "it is a method (expected: " + path.substring(1) + ")";
        }
        List<Method> methods = methods(grpcService, schema);
        if (methods.isEmpty()) {
            return undescribed(grpcService, schema);
        }
        return methods.stream()
                        .anyMatch(method -> traits(method.path(), grpcService).mayBeStale())
                ? null
                : "none of its methods is unary and has the idempotency_level NO_SIDE_EFFECTS on every server";
    }

    private static List<Method> methods(String grpcService, Schema schema) {
        return schema.methods().values().stream()
                .filter(method -> method.grpcService().equals(grpcService))
                .toList();
    }

    private static @Nullable String undescribed(String grpcService, Schema schema) {
        Schema.Absence absence = schema.absences().get(grpcService);
        return absence != null && absence.permanent() ? absence.reason() : null;
    }

    /** Returns the traits that hold for each version in use. */
    private MethodTraits traits(String path, String grpcService) {
        Service service = directory.serviceOf(grpcService);
        return service == null ? MethodTraits.UNKNOWN : service.traits(path);
    }
}
