using System.Reflection;
using System.Runtime.CompilerServices;

namespace RecordingVault.Server.Tests.Architecture;

/// <summary>What the strongroom shows: no way to write to a store but through SealedStore (P2), and no bytes of a key.</summary>
[Trait("Run", "Once")]
public sealed class StrongroomTests
{
    private static readonly Assembly Vault = Assembly.Load("RecordingVault.Vault");

    private static readonly Type[] ByteTypes =
        [typeof(byte[]), typeof(Memory<byte>), typeof(ReadOnlyMemory<byte>), typeof(Span<byte>), typeof(ReadOnlySpan<byte>), typeof(Stream), typeof(string)];

    [Fact]
    public void Only_its_own_tests_look_inside() =>
        Assert.Equal(["RecordingVault.Vault.Tests"], Vault.GetCustomAttributes<InternalsVisibleToAttribute>().Select(friend => friend.AssemblyName));

    [Fact]
    public void No_object_store_is_public() =>
        Assert.Empty(Vault.GetExportedTypes().Where(type => type.Name.EndsWith("ObjectStore", StringComparison.Ordinal)).Select(type => type.FullName));

    [Fact]
    public void No_key_shows_its_bytes()
    {
        var keys = Vault.GetExportedTypes().Where(type => type.IsAssignableTo(Vault.GetType("RecordingVault.Vault.Keys.SecretKey", throwOnError: true))).ToList();

        Assert.NotEmpty(keys);
        Assert.Empty(
            from key in keys
            from member in key.GetMembers(BindingFlags.Public | BindingFlags.Instance | BindingFlags.FlattenHierarchy)
            let shown = member switch
            {
                PropertyInfo property => property.PropertyType,
                FieldInfo field => field.FieldType,
                MethodInfo method when method.DeclaringType != typeof(object) && method.Name != nameof(ToString) => method.ReturnType,
                _ => null,
            }
            where shown is not null && ByteTypes.Contains(shown)
            select $"{key.Name}.{member.Name}");
    }
}
