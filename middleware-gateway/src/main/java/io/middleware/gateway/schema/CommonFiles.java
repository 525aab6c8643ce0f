package io.middleware.gateway.schema;

import com.google.api.AnnotationsProto;
import com.google.api.ClientProto;
import com.google.api.FieldBehaviorProto;
import com.google.api.FieldInfoProto;
import com.google.api.HttpBodyProto;
import com.google.api.HttpProto;
import com.google.api.LaunchStageProto;
import com.google.api.ResourceProto;
import com.google.api.RoutingProto;
import com.google.api.VisibilityProto;
import com.google.longrunning.OperationsProto;
import com.google.protobuf.AnyProto;
import com.google.protobuf.ApiProto;
import com.google.protobuf.DescriptorProtos;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DurationProto;
import com.google.protobuf.EmptyProto;
import com.google.protobuf.ExtensionRegistry;
import com.google.protobuf.FieldMaskProto;
import com.google.protobuf.SourceContextProto;
import com.google.protobuf.StructProto;
import com.google.protobuf.TimestampProto;
import com.google.protobuf.TypeProto;
import com.google.protobuf.WrappersProto;
import com.google.rpc.CodeProto;
import com.google.rpc.ErrorDetailsProto;
import com.google.rpc.StatusProto;
import com.google.type.ColorProto;
import com.google.type.DateProto;
import com.google.type.DateTimeProto;
import com.google.type.DayOfWeekProto;
import com.google.type.DecimalProto;
import com.google.type.ExprProto;
import com.google.type.IntervalProto;
import com.google.type.LatLngProto;
import com.google.type.LocalizedTextProto;
import com.google.type.MoneyProto;
import com.google.type.MonthProto;
import com.google.type.PhoneNumberProto;
import com.google.type.PostalAddressProto;
import com.google.type.TimeOfDayProto;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Files that nearly every service imports and some servers do not send. */
public final class CommonFiles {
    /** Always used as compiled in here, so that no descriptor is made of two copies of one type. */
    private static final Map<String, FileDescriptor> FILES = byName(
            DescriptorProtos.getDescriptor(),
            AnyProto.getDescriptor(),
            ApiProto.getDescriptor(),
            DurationProto.getDescriptor(),
            EmptyProto.getDescriptor(),
            FieldMaskProto.getDescriptor(),
            SourceContextProto.getDescriptor(),
            StructProto.getDescriptor(),
            TimestampProto.getDescriptor(),
            TypeProto.getDescriptor(),
            WrappersProto.getDescriptor(),
            AnnotationsProto.getDescriptor(),
            HttpProto.getDescriptor());

    /** Used when a server does not have its own. */
    private static final Map<String, FileDescriptor> SPARE = byName(
            ClientProto.getDescriptor(),
            FieldBehaviorProto.getDescriptor(),
            FieldInfoProto.getDescriptor(),
            HttpBodyProto.getDescriptor(),
            LaunchStageProto.getDescriptor(),
            ResourceProto.getDescriptor(),
            RoutingProto.getDescriptor(),
            VisibilityProto.getDescriptor(),
            OperationsProto.getDescriptor(),
            CodeProto.getDescriptor(),
            ErrorDetailsProto.getDescriptor(),
            StatusProto.getDescriptor(),
            ColorProto.getDescriptor(),
            DateProto.getDescriptor(),
            DateTimeProto.getDescriptor(),
            DayOfWeekProto.getDescriptor(),
            DecimalProto.getDescriptor(),
            ExprProto.getDescriptor(),
            IntervalProto.getDescriptor(),
            LatLngProto.getDescriptor(),
            LocalizedTextProto.getDescriptor(),
            MoneyProto.getDescriptor(),
            MonthProto.getDescriptor(),
            PhoneNumberProto.getDescriptor(),
            PostalAddressProto.getDescriptor(),
            TimeOfDayProto.getDescriptor());

    private static final ExtensionRegistry EXTENSIONS = ExtensionRegistry.newInstance();

    static {
        AnnotationsProto.registerAllExtensions(EXTENSIONS);
        FieldBehaviorProto.registerAllExtensions(EXTENSIONS);
    }

    private CommonFiles() {}

    private static Map<String, FileDescriptor> byName(FileDescriptor... files) {
        return Stream.of(files).collect(Collectors.toUnmodifiableMap(FileDescriptor::getName, Function.identity()));
    }

    static boolean has(String name) {
        return FILES.containsKey(name);
    }

    static @Nullable FileDescriptor get(String name) {
        return FILES.get(name);
    }

    /** Returns the file to use in place of one that a server does not have; null when there is none. */
    static @Nullable FileDescriptor spare(String name) {
        return SPARE.get(name);
    }

    /** Returns the files that all use as compiled in here. */
    public static Stream<FileDescriptor> all() {
        return FILES.values().stream();
    }

    /** Returns the files that are used where a server does not have its own. */
    public static Stream<FileDescriptor> spares() {
        return SPARE.values().stream();
    }

    /** Makes {@code google.api.http} and {@code field_behavior} readable in the options of methods and fields. */
    static ExtensionRegistry extensions() {
        return EXTENSIONS;
    }
}
