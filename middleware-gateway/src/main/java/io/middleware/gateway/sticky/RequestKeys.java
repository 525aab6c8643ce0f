package io.middleware.gateway.sticky;

import io.middleware.core.Call;
import io.middleware.core.StickyKeys;
import io.middleware.core.StickyRule;
import io.middleware.core.directory.Directory;
import io.middleware.core.directory.Route;
import io.middleware.gateway.headers.GrpcHeaders;
import io.middleware.gateway.headers.MiddlewareHeaders;
import io.middleware.gateway.schema.Schema;
import io.middleware.gateway.schema.SchemaWatch;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds keys by the names of headers and, in requests, by descriptors. Which methods have the field is worked out when descriptions
 * change, which they may whenever registrations do.
 */
public final class RequestKeys implements StickyKeys {
    private static final Logger log = LoggerFactory.getLogger(RequestKeys.class);
    private static final String GZIP = "gzip";

    private final Directory directory;
    /** By the path of a method. */
    private volatile Map<String, FieldPath> fields = Map.of();

    private Map<String, StickyRule> warned = Map.of();

    private RequestKeys(Directory directory) {
        this.directory = directory;
    }

    /** Returns what finds the keys of calls to the services of a directory, by what is known of their methods. */
    public static RequestKeys of(Directory directory, SchemaWatch schemas) {
        RequestKeys keys = new RequestKeys(directory);
        schemas.listen(keys::update);
        return keys;
    }

    /** Called by one thread, with the newest schema. */
    void update(Schema schema) {
        Map<String, FieldPath> newer = new HashMap<>();
        Map<String, StickyRule> without = new TreeMap<>();
        directory.routes().values().forEach(route -> {
            StickyRule rule = route.sticky();
            if (rule != null && rule.source() == StickyRule.Source.FIELD && !find(route, rule, schema, newer)) {
                without.put(route.grpcService(), rule);
            }
        });
        fields = Map.copyOf(newer);
        warn(without);
    }

    /** Returns false if the service is described, and no request of it has the field. */
    private static boolean find(Route route, StickyRule rule, Schema schema, Map<String, FieldPath> found) {
        boolean described = false;
        boolean any = false;
        for (var method : schema.methods().values()) {
            if (method.grpcService().equals(route.grpcService())) {
                described = true;
                FieldPath field = FieldPath.of(method.descriptor().getInputType(), rule.name());
                if (field != null) {
                    found.put(method.path(), field);
                    any = true;
                }
            }
        }
        return any || !described;
    }

    private void warn(Map<String, StickyRule> without) {
        without.forEach((grpcService, rule) -> {
            if (!rule.equals(warned.get(grpcService))) {
                log.warn(
                        "{} is not sticky: no request of it has {} (expected: a singular text, number, boolean or enum value)",
                        grpcService,
                        rule);
            }
        });
        warned = without;
    }

    @Override
    public @Nullable CharSequence inHeaders(Call call, StickyRule rule) {
        return call.headers().get(rule.source() == StickyRule.Source.CALLER ? MiddlewareHeaders.CALLER : rule.name());
    }

    @Override
    public @Nullable Reader inRequest(Call call, StickyRule rule) {
        FieldPath field = fields.get(call.path());
        if (field == null || !field.name().equals(rule.name())) {
            return null;
        }
        CharSequence encoding = call.headers().get(GrpcHeaders.ENCODING);
        return new FieldReader(field, encoding != null && GZIP.contentEquals(encoding));
    }
}
