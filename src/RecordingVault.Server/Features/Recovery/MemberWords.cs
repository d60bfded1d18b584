using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Features.Tenants;

namespace RecordingVault.Server.Features.Recovery;

/// <summary>What others know of a member, against which his new password is judged: name, address, and the names of his organisations.</summary>
internal sealed class MemberWords(MemberDirectory directory, MemberTenants tenants)
{
    public async Task<IReadOnlyList<string>> AboutAsync(Member member, CancellationToken cancellationToken)
    {
        var words = new List<string> { directory.NameOf(member), member.Email! };
        await tenants.InEachAsync(
            await tenants.ListAsync(member.Id, cancellationToken),
            async services => words.Add(await services.GetRequiredService<PageFrames>().TenantNameAsync(cancellationToken)));
        return words;
    }
}
