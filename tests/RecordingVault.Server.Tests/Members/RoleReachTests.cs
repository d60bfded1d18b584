using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Tests.Members;

[Trait("Run", "Once")]
public sealed class RoleReachTests
{
    [Theory]
    [InlineData("Owner", "Owner", "Owner")]
    [InlineData("Owner", "Viewer", "Viewer")]
    [InlineData("Contributor", "Admin", "Contributor")]
    [InlineData("Owner", "Auditor", "Auditor")]
    [InlineData("Admin", "Auditor", "Auditor")]
    [InlineData("Contributor", "Auditor", null)]
    [InlineData("Viewer", "Auditor", null)]
    [InlineData("Auditor", "Auditor", "Auditor")]
    public void Two_roles_share_what_both_allow(string one, string other, string? shared)
    {
        var (left, right) = (Enum.Parse<Role>(one), Enum.Parse<Role>(other));

        Assert.Equal(shared, RoleReach.Shared(left, right)?.ToString());
        Assert.Equal(shared, RoleReach.Shared(right, left)?.ToString());
    }

    [Fact]
    public void A_role_covers_itself_and_what_is_lower()
    {
        Assert.All(Enum.GetValues<Role>(), role => Assert.True(role.Covers(role) && Role.Owner.Covers(role)));
        Assert.False(Role.Viewer.Covers(Role.Contributor));
        Assert.False(Role.Auditor.Covers(Role.Viewer));
    }
}
