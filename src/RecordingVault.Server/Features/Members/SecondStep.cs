namespace RecordingVault.Server.Features.Members;

/// <summary>What a member is asked for beside his password.</summary>
public enum SecondStepNeed
{
    None,

    /// <summary>A code of his authenticator, or a recovery code.</summary>
    Code,

    /// <summary>He has passkeys alone, and shows one instead of his password; a recovery code beside it is for the day on which they are lost.</summary>
    Passkey,
}

internal sealed record SecondStepOutcome(bool IsRight, DateTimeOffset? WaitUntil);

/// <summary>What a step up asks for beside the password; the slice that knows codes gives it.</summary>
internal interface ISecondStep
{
    Task<SecondStepNeed> NeedAsync(Guid memberId, CancellationToken cancellationToken);

    Task<SecondStepOutcome> CheckAsync(Guid memberId, string code, HttpContext http, CancellationToken cancellationToken);
}
