using System.Reflection;
using Microsoft.Extensions.Configuration;
using RecordingVault.Server.Platform.Configuration;

namespace RecordingVault.Server.Tests.Architecture;

/// <summary>What a person who runs a vault may set stands in docs/operations.md, and what stands there can be set.</summary>
[Trait("Run", "Once")]
public sealed class SettingsTests
{
    /// <summary>Settings that are read without the options: the root key itself, by its provider.</summary>
    private static readonly string[] ReadElsewhere = ["Vault__Keys__Root", "Vault__Keys__Root_FILE"];

    [Fact]
    public void Every_setting_stands_in_the_table_and_no_other()
    {
        var told = Checkout.Read("docs/operations.md").Split('\n').Where(line => line.StartsWith("| `", StringComparison.Ordinal))
            .SelectMany(row => row.Split('`').Where(word => word.StartsWith("Vault__", StringComparison.Ordinal) && !word.Contains('=', StringComparison.Ordinal))).Distinct().ToList();
        var known = Keys(typeof(VaultOptions), "Vault").Concat(ReadElsewhere).ToList();

        Assert.Equal("", string.Join('\n', known.Except(told)));
        Assert.Equal("", string.Join('\n', told.Except(known)));
    }

    private static IEnumerable<string> Keys(Type options, string prefix) =>
        options.GetProperties().Where(property => property.CanWrite).SelectMany(property =>
            property.PropertyType is { IsClass: true } part && part.Namespace == options.Namespace ? Keys(part, $"{prefix}__{property.Name}") : [$"{prefix}__{property.GetCustomAttribute<ConfigurationKeyNameAttribute>()?.Name ?? property.Name}"]);
}
