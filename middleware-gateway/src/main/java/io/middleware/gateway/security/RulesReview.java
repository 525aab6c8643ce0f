package io.middleware.gateway.security;

import io.middleware.gateway.StartupStep;
import io.middleware.gateway.schema.OwnServices;
import io.middleware.gateway.schema.Schema;
import io.middleware.gateway.security.rules.Rules;
import io.middleware.starter.WrongSettingException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Compares the rules with the methods there are: before callers are let in, and whenever somebody looks. */
final class RulesReview extends StartupStep {
    private static final Logger log = LoggerFactory.getLogger(RulesReview.class);

    private final @Nullable Supplier<Rules> rules;
    private final Supplier<Schema> schemas;

    RulesReview(@Nullable Supplier<Rules> rules, Supplier<Schema> schemas) {
        this.rules = rules;
        this.schemas = schemas;
    }

    /** @throws WrongSettingException if a rule names a method that a service which is known does not have */
    @Override
    protected void run() {
        if (rules != null) {
            Rules.Review review = review(rules.get());
            if (!review.unknown().isEmpty()) {
                throw new WrongSettingException(
                        "middleware.security.rules: " + String.join("; ", review.unknown()),
                        "Correct the names in that file.");
            }
            if (!review.awaited().isEmpty()) {
                log.warn("middleware.security.rules: no registered service describes {} (yet)", review.awaited());
            }
        }
    }

    private Rules.Review review(Rules current) {
        Schema schema = schemas.get();
        Set<String> services = new HashSet<>(schema.grpcServices());
        services.addAll(OwnServices.files().keySet());
        Set<String> methods = new HashSet<>();
        schema.methods().keySet().forEach(path -> methods.add(path.substring(1)));
        OwnServices.methods().keySet().forEach(path -> methods.add(path.substring(1)));
        return current.review(services, methods);
    }

    /** Returns what may be wrong with the rules that hold. */
    List<String> problems() {
        if (rules == null) {
            return List.of();
        }
        Rules.Review review = review(rules.get());
        List<String> problems = new ArrayList<>(review.unknown());
        review.awaited().forEach(service -> problems.add("no registered service describes " + service));
        return problems;
    }
}
