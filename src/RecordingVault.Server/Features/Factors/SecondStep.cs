using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Factors;

/// <summary>The code that a step up asks for beside the password.</summary>
internal sealed class SecondStep(MemberFactors factors, CodeCheck check) : ISecondStep
{
    public async Task<SecondStepNeed> NeedAsync(Guid memberId, CancellationToken cancellationToken)
    {
        var standing = await factors.ReadAsync(memberId, cancellationToken);
        return standing.HasAuthenticator ? SecondStepNeed.Code : standing.HasSecond ? SecondStepNeed.Passkey : SecondStepNeed.None;
    }

    public async Task<SecondStepOutcome> CheckAsync(Guid memberId, string code, HttpContext http, CancellationToken cancellationToken) =>
        await check.CheckAsync(memberId, code, http, http.Actor(), cancellationToken) switch
        {
            CodeVerdict.Right => new SecondStepOutcome(IsRight: true, WaitUntil: null),
            CodeVerdict.Wait wait => new SecondStepOutcome(IsRight: false, wait.Until),
            _ => new SecondStepOutcome(IsRight: false, WaitUntil: null),
        };
}
