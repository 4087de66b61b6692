"""`manage.py first_admin --region CODE --username NAME`: the first account of a region."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from core.errors import DomainError
from departments.services import first_administrator


class Command(BaseCommand):
    help = "Make the system administrator of a region; prints the first password once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--region", required=True, help="division code, e.g. 370300")
        parser.add_argument("--place", default="", help="full name, where the code is not known")
        parser.add_argument("--username", required=True)
        parser.add_argument("--name", default="系统管理员")

    def handle(self, *args: Any, **options: Any) -> None:
        """Exit 0 on success; 2, with one line, where the region has an administrator already."""
        try:
            person, password = first_administrator(
                options["region"],
                options["username"],
                options["name"],
                place=options["place"],
            )
        except DomainError as problem:
            self.stderr.write(problem.message)
            raise SystemExit(2) from None
        self.stdout.write(
            f"已建立系统管理员 {person.username}，初始密码 {password}（首次登录须修改）。"
        )
