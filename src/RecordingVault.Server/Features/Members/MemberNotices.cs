namespace RecordingVault.Server.Features.Members;

/// <summary>What a member is told of his own account wherever he can be reached, so that what somebody else does with it does not stay unseen.</summary>
internal enum MemberNotice
{
    PasswordChanged,
    PasswordReset,
    SecondFactorOn,
    SecondFactorOff,
    RecoveryCodesMade,
    RecoveryCodeUsed,
    PasskeyAdded,
    PasskeyRemoved,
    AddressChanged,
    AddressProved,
    AddressReturned,
    FactorsRemoved,
    MembershipEnded,
    RoleChanged,
}

/// <summary>Tells members of their accounts, by mail where the vault can send some.</summary>
internal interface IMemberNotices
{
    /// <summary>Belongs to the caller's transaction: what is rolled back is told to nobody.</summary>
    Task TellAsync(Guid memberId, MemberNotice notice, CancellationToken cancellationToken);
}

/// <summary>A vault without mail: the log and the pages say the same.</summary>
internal sealed class NoNotices : IMemberNotices
{
    public Task TellAsync(Guid memberId, MemberNotice notice, CancellationToken cancellationToken) => Task.CompletedTask;
}
