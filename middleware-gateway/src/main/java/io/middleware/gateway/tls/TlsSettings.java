package io.middleware.gateway.tls;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/** Which certificates are used, and which names are expected of others. By default there is no TLS. */
public record TlsSettings(
        @DefaultValue Callers callers, @DefaultValue Instances instances) {

    /**
     * The ports of callers.
     *
     * @param bundle SSL bundle of Spring with this gateway's certificate and the authorities of callers. With it both ports speak
     *     TLS only, and demand a certificate.
     * @param names Names of which a caller's certificate must have one: URIs or DNS names, or prefixes that end with /*.
     */
    public record Callers(
            @Nullable String bundle,

            @DefaultValue({"spiffe://middleware/nginx", "spiffe://middleware/gateway"})
            List<String> names) {
        public Callers {
            bundle = blankToNull(bundle);
        }
    }

    /**
     * The connections to instances.
     *
     * @param bundle SSL bundle of Spring with this gateway's certificate and the authorities of instances. It is used with instances
     *     that have tls=true in their metadata.
     * @param names Names of which an instance's certificate must have one; {service} stands for the service's name in Consul.
     * @param services What is different for some services, by their name in Consul.
     * @param required Whether instances without tls=true get no calls.
     */
    public record Instances(
            @Nullable String bundle,

            @DefaultValue("spiffe://middleware/service/{service}")
            List<String> names,

            @DefaultValue Map<String, Service> services,
            @DefaultValue("false") boolean required) {
        public Instances {
            bundle = blankToNull(bundle);
            if (required && bundle == null && services.values().stream().noneMatch(one -> one.bundle != null)) {
                throw new IllegalArgumentException(
                        "tls.instances.required: true without tls.instances.bundle (expected: the name of an SSL bundle)");
            }
        }

        /** Returns the bundle for a service; null if there is none. */
        @Nullable
        String bundleOf(String service) {
            Service own = services.get(service);
            return own != null && own.bundle != null ? own.bundle : bundle;
        }

        List<String> namesOf(String service) {
            Service own = services.get(service);
            List<String> templates = own != null && !own.names.isEmpty() ? own.names : names;
            return templates.stream()
                    .map(name -> name.replace("{service}", service))
                    .toList();
        }
    }

    /**
     * One service's own settings.
     *
     * @param bundle Instead of tls.instances.bundle.
     * @param names Instead of tls.instances.names.
     */
    public record Service(
            @Nullable String bundle, @DefaultValue List<String> names) {
        public Service {
            bundle = blankToNull(bundle);
        }
    }

    private static @Nullable String blankToNull(@Nullable String value) {
        return value == null || value.isBlank() ? null : value.strip();
    }
}
