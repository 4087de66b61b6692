"""REST clients: a token acts as the membership it was made for, and no further."""

from django.utils import timezone
from django.utils.translation import gettext as _
from knox.auth import TokenAuthentication as KnoxAuthentication
from rest_framework.exceptions import AuthenticationFailed

from departments.models import ApiToken, User
from departments.querysets import on_day


class TokenAuthentication(KnoxAuthentication):
    """Authenticate `Authorization: Token …` and set whom the person acts as."""

    def authenticate_credentials(self, token: bytes) -> tuple[User, ApiToken]:
        if not token.isascii():  # knox would fail to decode it
            raise AuthenticationFailed(_("令牌无效。"))
        return super().authenticate_credentials(token)

    def validate_user(self, auth_token: ApiToken) -> tuple[User, ApiToken]:
        user, token = super().validate_user(auth_token)
        if user.must_change_password:  # who issued the account still knows its password
            raise AuthenticationFailed(_("请先登录网页，修改初始密码。"))
        membership = (
            user.memberships.filter(on_day(timezone.localdate()), pk=token.membership_id)
            .select_related("region", "department__region", "user")
            .first()
        )
        if membership is None:
            raise AuthenticationFailed(_("此令牌的任职已失效。"))
        user.act_as(membership)
        return user, token
