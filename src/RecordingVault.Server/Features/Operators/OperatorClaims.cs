using System.Security.Claims;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Vault.Audit;

namespace RecordingVault.Server.Features.Operators;

/// <summary>What a request on the operator's listener knows of its asker.</summary>
internal static class OperatorClaims
{
    /// <summary>The operator as a tenant's log tells him.</summary>
    public static Actor OperatorActor(this HttpContext http) => new(AuditActorKind.Operator, http.User.OperatorId())
    {
        Name = http.User.FindFirstValue(VaultClaims.Name),
        Address = http.Connection.RemoteIpAddress?.ToString(),
        UserAgent = http.Request.Headers.UserAgent.ToString(),
    };
}
