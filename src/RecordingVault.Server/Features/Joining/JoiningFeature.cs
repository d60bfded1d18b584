using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection.Extensions;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Features.Recordings.Waiting;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Joining;

/// <summary>How people come into a tenant: by an invitation, as a link that is good once.</summary>
internal static class JoiningFeature
{
    public static IServiceCollection AddJoining(this IServiceCollection services)
    {
        services.AddScoped<InvitationMaking>();
        services.AddScoped<InvitationMail>();
        services.AddScoped<InvitationReading>();
        services.AddScoped<InvitationRevocation>();
        services.AddScoped<InvitationAnswer>();
        services.AddScoped<InvitationTries>();
        services.AddScoped<AccountByLink>();
        services.AddScoped<JoinPages>();
        services.AddScoped<IWaitingThings, OpenInvitations>();
        services.AddSingleton<JoinTickets>();
        services.AddSingleton<IEndedRows, EndedInvitations>();
        services.AddSingleton<InvitationDoor>();
        services.AddSingleton<InvitationAcceptance>();
        services.AddSingleton<IWaitingInvitation, WaitingInvitation>();
        services.TryAddScoped<IInvitationPost, MailedInvitations>();
        return services;
    }

    public static IEndpointRouteBuilder MapJoining(this IEndpointRouteBuilder routes)
    {
        // Open to whoever holds a link: what these answer depends on the link, and on who is signed in at this browser.
        var open = routes.MapGroup("").AllowAnonymous().WithMetadata(new RequestSizeLimitAttribute(CrossSiteGuard.FormLimit)).ExcludeFromDescription();
        open.MapGet(Join.Path, Join.ShowGate);
        open.MapPost(Join.Path, Join.Open).NotAudited("it changes nothing: joining is the event, and a wrong link belongs to nobody");
        open.MapGet(Join.OpenPath, Join.Show);
        open.MapPost("/join/account", Join.MakeAccount).Audited("member.joined");
        open.MapPost("/join/accept", Join.Accept).Audited("member.joined");

        var api = routes.MapGroup("/api/v1/members/invitations").RequireAuthorization(Policies.ManageMembers).WithTags("Members");
        api.MapGet("/", ListInvitations.Handle);
        api.MapPost("/", InviteMember.Handle).NeedsFreshSignIn().RequireAuthorization(Policies.InPerson).Audited("invitation.created");
        api.MapPost("/{id:guid}/renew", InviteMember.Renew).NeedsFreshSignIn().RequireAuthorization(Policies.InPerson).Audited("invitation.renewed");
        api.MapDelete("/{id:guid}", RevokeInvitation.Handle).RequireAuthorization(Policies.InPerson).Audited("invitation.revoked");
        return routes;
    }
}
