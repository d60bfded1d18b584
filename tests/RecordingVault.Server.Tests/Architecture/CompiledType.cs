using Mono.Cecil;
using Mono.Cecil.Cil;

namespace RecordingVault.Server.Tests.Architecture;

/// <summary>
/// A type as the compiler left it, and all that it uses: other types (`Assembly:Namespace.Type`) and methods (`Namespace.Type::Method`).
/// Closures, iterators and nested types count as the type around them.
/// </summary>
internal sealed record CompiledType(string FullName, string Namespace, IReadOnlySet<string> UsedTypes, IReadOnlySet<string> CalledMethods)
{
    public static IReadOnlyList<CompiledType> ReadAll(System.Reflection.Assembly assembly)
    {
        using var definition = AssemblyDefinition.ReadAssembly(assembly.Location);
        return [.. definition.MainModule.Types.Where(type => type.Namespace.StartsWith("RecordingVault", StringComparison.Ordinal)).Select(Read)];
    }

    public bool LiesIn(string space) => IsWithin(Namespace, space);

    public bool Uses(string space) => UsedTypes.Any(type => IsWithin(type[(type.IndexOf(':', StringComparison.Ordinal) + 1)..], space));

    public bool UsesAssembly(string name) => UsedTypes.Any(type => type.StartsWith(name + ":", StringComparison.Ordinal));

    private static bool IsWithin(string name, string space) => name == space || name.StartsWith(space + ".", StringComparison.Ordinal);

    private static CompiledType Read(TypeDefinition type)
    {
        var types = new HashSet<string>(StringComparer.Ordinal);
        var methods = new HashSet<string>(StringComparer.Ordinal);
        Collect(type, types, methods);
        return new(type.FullName, type.Namespace, types, methods);
    }

    private static void Collect(TypeDefinition type, HashSet<string> types, HashSet<string> methods)
    {
        Add(type.BaseType, types);
        AddAttributes(type, types);
        foreach (var implemented in type.Interfaces)
            Add(implemented.InterfaceType, types);
        foreach (var parameter in type.GenericParameters)
            AddConstraints(parameter, types);
        foreach (var field in type.Fields)
        {
            Add(field.FieldType, types);
            AddAttributes(field, types);
        }

        foreach (var property in type.Properties)
            AddAttributes(property, types);
        foreach (var method in type.Methods)
            Collect(method, types, methods);
        foreach (var nested in type.NestedTypes)
            Collect(nested, types, methods);
    }

    private static void Collect(MethodDefinition method, HashSet<string> types, HashSet<string> methods)
    {
        Add(method.ReturnType, types);
        AddAttributes(method, types);
        foreach (var parameter in method.GenericParameters)
            AddConstraints(parameter, types);
        foreach (var parameter in method.Parameters)
        {
            Add(parameter.ParameterType, types);
            AddAttributes(parameter, types);
        }

        if (!method.HasBody)
            return;
        foreach (var variable in method.Body.Variables)
            Add(variable.VariableType, types);
        foreach (var handler in method.Body.ExceptionHandlers)
            Add(handler.CatchType, types);
        foreach (var instruction in method.Body.Instructions)
            Collect(instruction, types, methods);
    }

    private static void Collect(Instruction instruction, HashSet<string> types, HashSet<string> methods)
    {
        switch (instruction.Operand)
        {
            case TypeReference type:
                Add(type, types);
                break;
            case FieldReference field:
                Add(field.DeclaringType, types);
                Add(field.FieldType, types);
                break;
            case MethodReference called:
                Add(called.DeclaringType, types);
                Add(called.ReturnType, types);
                if (called is GenericInstanceMethod generic)
                    AddAll(generic.GenericArguments, types);
                foreach (var parameter in called.Parameters)
                    Add(parameter.ParameterType, types);
                methods.Add($"{called.DeclaringType.GetElementType().FullName}::{called.Name}");
                break;
            default:
                break;
        }
    }

    private static void AddAttributes(ICustomAttributeProvider provider, HashSet<string> types)
    {
        foreach (var attribute in provider.CustomAttributes)
        {
            Add(attribute.AttributeType, types);
            foreach (var argument in attribute.ConstructorArguments)
            {
                if (argument.Value is TypeReference named)
                    Add(named, types);
            }
        }
    }

    private static void AddConstraints(GenericParameter parameter, HashSet<string> types)
    {
        foreach (var constraint in parameter.Constraints)
            Add(constraint.ConstraintType, types);
    }

    private static void AddAll(IEnumerable<TypeReference> references, HashSet<string> types)
    {
        foreach (var reference in references)
            Add(reference, types);
    }

    private static void Add(TypeReference? reference, HashSet<string> types)
    {
        if (reference is null or GenericParameter)
            return;
        if (reference is GenericInstanceType generic)
            AddAll(generic.GenericArguments, types);
        if (reference is TypeSpecification { ElementType: { } element })
        {
            Add(element, types);
            return;
        }

        while (reference.DeclaringType is { } outer)
            reference = outer;
        var assembly = reference.Scope is AssemblyNameReference named ? named.Name : reference.Module.Assembly.Name.Name;
        types.Add($"{assembly}:{reference.FullName}");
    }
}
