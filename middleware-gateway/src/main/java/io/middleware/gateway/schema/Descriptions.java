package io.middleware.gateway.schema;

import io.middleware.core.directory.Directory;
import io.middleware.core.directory.Service;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;

/**
 * Merges how the instances describe themselves, first per service, then into one {@link Schema}. Confined to the
 * watch's event loop.
 */
final class Descriptions {
    private final Directory directory;
    private final Map<String, Method> own;
    private final Lookup lookup;
    private final Map<DescriptorFiles, SchemaVersion> versions = new HashMap<>();
    private final Map<Service, ServiceSchema> services = new LinkedHashMap<>();

    /** Looks up types that the files do not have. */
    interface Lookup {
        CompletionStage<Boolean> lookUp(DescriptorFiles files, Types types, String fullName);
    }

    /** {@code own}: the methods that the gateway serves itself, by path. */
    Descriptions(Directory directory, Map<String, Method> own, Lookup lookup) {
        this.directory = directory;
        this.own = own;
        this.lookup = lookup;
    }

    /**
     * Merges the descriptions of a service's instances and sets the service's traits. Without a description nothing
     * changes.
     */
    void update(Service service, Collection<InstanceSchema> instances) {
        List<ServiceSchema.Description> descriptions = new ArrayList<>();
        for (InstanceSchema one : instances) {
            if (one.instance().serviceName().equals(service.name())) {
                long createIndex = one.instance().registration().createIndex();
                switch (one.latest()) {
                    case ReflectionResult.Found found ->
                        descriptions.add(new ServiceSchema.Description(version(found.files()), createIndex));
                    case ReflectionResult.NotOffered none ->
                        descriptions.add(new ServiceSchema.Description(SchemaVersion.UNKNOWN, createIndex));
                    case ReflectionResult.Failed failed -> {}
                    case null -> {}
                }
            }
        }
        if (!descriptions.isEmpty()) {
            ServiceSchema merged = ServiceSchema.of(descriptions);
            services.put(service, merged);
            service.describe(merged.traits());
        }
        retainVersionsOf(instances);
    }

    /**
     * Returns the schema of all services. Reuses the methods of {@code previous} if they are equal, so that listeners
     * can compare them by identity.
     */
    Schema schema(Schema previous, Collection<InstanceSchema> instances) {
        Map<String, Method> methods = methods();
        return new Schema(
                methods.equals(previous.methods()) ? previous.methods() : methods, absences(instances), files());
    }

    /**
     * Returns the methods of all services. If two describe the same one, that of the service which gets the calls
     * counts.
     */
    private Map<String, Method> methods() {
        Map<String, Method> methods = new HashMap<>();
        services.forEach((service, described) -> described.methods().forEach((path, method) -> {
            if (directory.serviceOf(method.grpcService()) == service) {
                methods.put(path, method);
            }
        }));
        methods.putAll(own);
        return methods;
    }

    private Map<String, ServiceFiles> files() {
        Map<String, ServiceFiles> files = new HashMap<>();
        services.forEach((service, described) -> described.files().forEach((grpcService, some) -> {
            if (directory.serviceOf(grpcService) == service) {
                files.put(grpcService, some);
            }
        }));
        return files;
    }

    private Map<String, Schema.Absence> absences(Collection<InstanceSchema> instances) {
        Set<String> described = services.values().stream()
                .flatMap(service -> service.methods().values().stream())
                .map(Method::grpcService)
                .collect(Collectors.toSet());
        own.values().forEach(method -> described.add(method.grpcService()));
        Map<String, Schema.Absence> absences = new HashMap<>();
        for (InstanceSchema one : instances) {
            for (String grpcService : one.instance().registration().grpcServices()) {
                if (!described.contains(grpcService)) {
                    absences.merge(grpcService, absence(one, grpcService), (a, b) -> a.permanent() ? b : a);
                }
            }
        }
        return absences;
    }

    private Schema.Absence absence(InstanceSchema one, String grpcService) {
        return switch (one.latest()) {
            case null -> new Schema.Absence(false, one.instance() + " has not described itself yet");
            case ReflectionResult.Failed failed -> new Schema.Absence(false, one.instance() + ": " + failed.reason());
            case ReflectionResult.NotOffered none ->
                new Schema.Absence(true, one.instance().serviceName() + " offers no server reflection");
            case ReflectionResult.Found found ->
                new Schema.Absence(
                        true,
                        version(found.files())
                                .undescribed()
                                .getOrDefault(grpcService, one.instance() + " does not describe it by reflection"));
        };
    }

    private SchemaVersion version(DescriptorFiles files) {
        return versions.computeIfAbsent(
                files, key -> SchemaVersion.of(key, (types, name) -> lookup.lookUp(key, types, name)));
    }

    private void retainVersionsOf(Collection<InstanceSchema> instances) {
        Set<DescriptorFiles> used = instances.stream()
                .map(InstanceSchema::latest)
                .filter(ReflectionResult.Found.class::isInstance)
                .map(found -> ((ReflectionResult.Found) found).files())
                .collect(Collectors.toSet());
        versions.keySet().retainAll(used);
    }
}
