using Microsoft.AspNetCore.Mvc;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.People;

/// <summary>Who belongs to a tenant: seen, changed, removed, leaving, changing over; and the tenant itself.</summary>
internal static class PeopleFeature
{
    public static IServiceCollection AddPeople(this IServiceCollection services)
    {
        services.AddScoped<MemberReading>();
        services.AddScoped<MembershipChange>();
        services.AddScoped<MembersPages>();
        services.AddScoped<MemberPages>();
        services.AddScoped<OrganisationPages>();
        services.AddScoped<TenantRenaming>();
        return services;
    }

    public static IEndpointRouteBuilder MapPeople(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api/v1/members").RequireAuthorization(Policies.ManageMembers).WithTags("Members");
        api.MapGet("/", ListMembers.Handle);
        api.MapPatch("/{id:guid}", ChangeMember.Handle).NeedsFreshSignIn().RequireAuthorization(Policies.InPerson).Audited("member.role-changed");
        api.MapDelete("/{id:guid}", RemoveMember.Handle).NeedsFreshSignIn().RequireAuthorization(Policies.InPerson).Audited("member.removed");

        routes.MapPatch("/api/v1/tenant", ChangeTenant.Handle).RequireAuthorization(Policies.OwnTenant).WithTags("Tenant").Audited("tenant.changed");

        var own = routes.MapGroup("").RequireAuthorization(Policies.Member).WithMetadata(new RequestSizeLimitAttribute(CrossSiteGuard.FormLimit)).ExcludeFromDescription();
        own.MapGet(ShowOrganisation.Path, ShowOrganisation.Handle);
        own.MapPost(ShowOrganisation.Path, ShowOrganisation.Rename).RequireAuthorization(Policies.OwnTenant).Audited("tenant.changed");
        own.MapPost(LeaveTenant.Path, LeaveTenant.Handle).NeedsFreshSignIn(ShowOrganisation.Path).RequireAuthorization(Policies.InPerson).Audited("member.left");
        own.MapPost(SwitchTenant.Path, SwitchTenant.Handle).RequireAuthorization(Policies.InPerson).OpensWithOneFactor().Audited("member.switched-here");

        var pages = routes.MapGroup(ShowMembers.Path).RequireAuthorization(Policies.ManageMembers).WithMetadata(new RequestSizeLimitAttribute(CrossSiteGuard.FormLimit)).ExcludeFromDescription();
        pages.MapGet("/", ShowMembers.Handle);
        pages.MapGet("/{id:guid}", ShowMember.Handle);
        var forms = pages.MapGroup("").RequireAuthorization(Policies.InPerson);
        forms.MapPost("/invite", ShowMembers.Invite).NeedsFreshSignIn(ShowMembers.Path).Audited("invitation.created");
        forms.MapPost("/invitations/{id:guid}/renew", ShowMembers.Renew).NeedsFreshSignIn(ShowMembers.Path).Audited("invitation.renewed");
        forms.MapPost("/invitations/{id:guid}/revoke", ShowMembers.Revoke).Audited("invitation.revoked");
        forms.MapPost("/{id:guid}/role", ShowMember.SetRole).NeedsFreshSignIn(ShowMembers.Path).Audited("member.role-changed");
        forms.MapPost("/{id:guid}/remove", ShowMember.Remove).NeedsFreshSignIn(ShowMembers.Path).Audited("member.removed");
        return routes;
    }
}
