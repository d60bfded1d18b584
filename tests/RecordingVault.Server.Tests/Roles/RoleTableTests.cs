using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;

namespace RecordingVault.Server.Tests.Roles;

/// <summary>docs/roles.md says of every endpoint who may call it, and says it as the server's policies do.</summary>
[Trait("Run", "Once")]
public sealed class RoleTableTests(SharedVault shared)
{
    [Fact]
    public async Task The_table_in_the_documents_is_what_the_policies_say()
    {
        var written = RoleTable.Written().Select(row => row.Line).ToList();
        var served = (await RoleTable.ServedAsync(shared.Vault)).Select(row => row.Line).ToList();

        var missing = served.Except(written, StringComparer.Ordinal).ToList();
        var wrong = written.Except(served, StringComparer.Ordinal).ToList();
        Assert.True(missing.Count == 0 && wrong.Count == 0, $"docs/roles.md lacks:\n{string.Join('\n', missing)}\nand has, but should not:\n{string.Join('\n', wrong)}");
    }

    [Fact]
    public void Every_endpoint_stands_there_once() =>
        Assert.Empty(RoleTable.Written().GroupBy(row => (row.Method, row.Path)).Where(group => group.Count() > 1).Select(group => group.Key));

    [Fact]
    public void An_owner_may_all_that_anybody_may() =>
        Assert.Empty(RoleTable.Written().Where(row => !row.IsOpen && !row.Roles.Contains(Role.Owner)).Select(row => row.Line));
}
