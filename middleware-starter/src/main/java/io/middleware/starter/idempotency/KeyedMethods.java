package io.middleware.starter.idempotency;

import io.grpc.BindableService;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Status;
import io.middleware.starter.GrpcServices;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.support.AopUtils;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.annotation.AnnotatedElementUtils;

/** The methods of this server that honour keys, and those that do not although they change something. */
public final class KeyedMethods {

    private final Map<String, Set<Status.Code>> finalErrors = new TreeMap<>();
    private final Set<String> without = new TreeSet<>();
    private final List<String> problems = new ArrayList<>();
    private final Set<String> services = new TreeSet<>();

    private KeyedMethods() {}

    /** Finds them; {@code listed}: full names of services that need no annotation. */
    public static KeyedMethods of(Collection<BindableService> services, Collection<String> listed) {
        KeyedMethods found = new KeyedMethods();
        services.forEach(service -> found.add(service, listed));
        return found;
    }

    private void add(BindableService service, Collection<String> listed) {
        var descriptor = service.bindService().getServiceDescriptor();
        if (GrpcServices.isInfrastructure(descriptor.getName())) {
            return;
        }
        services.add(descriptor.getName());
        Class<?> type = AopUtils.getTargetClass(service);
        Map<String, Idempotent> marked = new HashMap<>(marked(type));
        Idempotent whole = AnnotatedElementUtils.findMergedAnnotation(type, Idempotent.class);
        boolean all = whole != null || listed.contains(descriptor.getName());
        for (MethodDescriptor<?, ?> method : descriptor.getMethods()) {
            Idempotent own = marked.remove(plain(String.valueOf(method.getBareMethodName())));
            add(method, own != null ? own : whole, own != null || all && changesSomething(method), own != null);
        }
        marked.keySet()
                .forEach(name -> problems.add(type.getName() + "." + name + " is no method of its gRPC service"));
    }

    private void add(MethodDescriptor<?, ?> method, @Nullable Idempotent annotation, boolean keyed, boolean own) {
        if (method.getType() != MethodType.UNARY) {
            if (own) {
                problems.add(method.getFullMethodName() + " is a stream");
            }
        } else if (keyed) {
            Set<Status.Code> codes = EnumSet.noneOf(Status.Code.class);
            if (annotation != null) {
                codes.addAll(List.of(annotation.finalErrors()));
            }
            finalErrors.put(method.getFullMethodName(), codes);
        } else if (changesSomething(method)) {
            without.add(method.getFullMethodName());
        }
    }

    private static Map<String, Idempotent> marked(Class<?> type) {
        Map<Method, Idempotent> found =
                MethodIntrospector.selectMethods(type, (MethodIntrospector.MetadataLookup<@Nullable Idempotent>)
                        method -> AnnotatedElementUtils.findMergedAnnotation(method, Idempotent.class));
        Map<String, Idempotent> byName = new HashMap<>();
        found.forEach((method, annotation) -> byName.put(plain(method.getName()), annotation));
        return byName;
    }

    /** Returns what the names of a method in Protobuf and in Java have in common. */
    private static String plain(String name) {
        return name.replace("_", "").toLowerCase(Locale.ROOT);
    }

    private static boolean changesSomething(MethodDescriptor<?, ?> method) {
        return !method.isSafe() && !method.isIdempotent();
    }

    /** Returns the errors of a method that are final, or null if it honours no keys. */
    @Nullable
    Set<Status.Code> finalErrors(String fullMethodName) {
        return finalErrors.get(fullMethodName);
    }

    /** Returns the full names of those that honour keys. */
    public Set<String> names() {
        return finalErrors.keySet();
    }

    /** Returns the full names of unary methods that change something and honour no keys. */
    public Set<String> without() {
        return without;
    }

    /** Returns why some that are marked honour none, a sentence each. */
    public List<String> problems() {
        return problems;
    }

    /** Returns the full names of all gRPC services. */
    public Set<String> services() {
        return services;
    }
}
