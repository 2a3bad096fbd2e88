"""Addresses of the customers' pages: a letter for the kind of link, then the sealed token."""

from makegood.web.customer.press.urls import urlpatterns as press
from makegood.web.customer.promise.urls import urlpatterns as promise
from makegood.web.customer.rating.urls import urlpatterns as rating

urlpatterns = [*press, *rating, *promise]
